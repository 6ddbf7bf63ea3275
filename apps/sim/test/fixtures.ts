import { fileURLToPath } from 'node:url';

import type { NodeProgram } from '../src/run/node-process.js';

/** What a stand-in for the node does: see `fixtures/fake-node.mjs`. */
export type FakeBehaviour = 'honest' | 'crashing' | 'hanging' | 'deaf' | 'corrupting' | 'silent';

/** A stand-in for the node, without our leash (which exists only once built). */
export function fakeNode(behaviour: FakeBehaviour): NodeProgram {
  const url = new URL(`./fixtures/${behaviour}-node.mjs`, import.meta.url);
  return { scriptPath: fileURLToPath(url), leashPath: undefined };
}

/** Whether a process of this id exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
