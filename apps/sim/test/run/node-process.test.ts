import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import type { NodeEvent } from '../../src/run/node-event.js';
import { NodeProcess } from '../../src/run/node-process.js';
import type { NodeProgram } from '../../src/run/node-process.js';
import { fakeNode, isAlive } from '../fixtures.js';
import { temporaryFolder } from '../temporary-folder.js';

/** Starts a seeder; `listening` resolves with its first event. */
function startSeeder(program: NodeProgram) {
  const events: NodeEvent[] = [];
  let heard: (event: NodeEvent) => void = () => undefined;
  const listening = new Promise<NodeEvent>((resolve) => {
    heard = resolve;
  });
  const node = new NodeProcess(program, ['share', '/nowhere', '--bind', '127.0.0.1', '--port', '0'], {
    handleEvent(event) {
      events.push(event);
      heard(event);
    },
    handleExit: () => undefined,
  });
  return { node, events, listening };
}

describe('NodeProcess', () => {
  it('passes on what the node says, up to its last event', async () => {
    const { node, events, listening } = startSeeder(fakeNode('honest'));
    expect(await listening).toMatchObject({ event: 'listening', host: '127.0.0.1' });
    node.stop();
    const exit = await node.exited;
    expect(exit).toMatchObject({ code: 143, signal: null, wasAskedToStop: true });
    expect(events.at(-1)).toMatchObject({ event: 'status', uploaded: 0 });
  });

  it('kills a node that does not listen to a polite request', async () => {
    const { node, listening } = startSeeder(fakeNode('deaf'));
    await listening;
    node.stop();
    node.kill();
    expect(await node.exited).toMatchObject({ code: null, signal: 'SIGKILL', wasAskedToStop: true });
    expect(node.pid !== undefined && isAlive(node.pid)).toBe(false);
  });

  it('keeps the last words of a node that ends by itself', async () => {
    const missing = join(temporaryFolder(), 'missing.mjs');
    const { node } = startSeeder({ scriptPath: missing, leashPath: undefined });
    const exit = await node.exited;
    expect(exit).toMatchObject({ code: 1, wasAskedToStop: false });
    expect(exit.lastWords).toContain('Cannot find module');
  });

  it('may be stopped and killed when it has long gone', async () => {
    const { node, listening } = startSeeder(fakeNode('honest'));
    await listening;
    node.stop();
    await node.exited;
    node.stop();
    node.kill();
    expect(await node.exited).toMatchObject({ code: 143 });
  });
});
