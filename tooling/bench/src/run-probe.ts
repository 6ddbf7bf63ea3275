import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import type { Figure } from './bench-case.js';
import { scriptPath } from './script-path.js';

const LARGEST_OUTPUT_BYTES = 16 * 2 ** 20;

/**
 * Runs a script of ours as a process of its own, so that nothing compiled for one contestant slows down another.
 *
 * @returns what it printed on its last line
 * @throws {Error} when it fails
 */
export async function runProbe(name: string, args: readonly string[]): Promise<readonly Figure[]> {
  const running = promisify(execFile)(process.execPath, [scriptPath(name), ...args], {
    maxBuffer: LARGEST_OUTPUT_BYTES,
  });
  const end = (): void => void running.child.kill('SIGKILL');
  process.once('exit', end);
  const { stdout } = await running.finally(() => process.off('exit', end));
  const last = stdout.trimEnd().split('\n').at(-1) ?? '';
  // eslint-disable-next-line p2p/no-type-assertion -- our own scripts print figures and nothing else there
  return JSON.parse(last) as readonly Figure[];
}
