import { ManagedProcess } from '@p2p/interop';

import { LONGEST_RUN_MS } from './programs/program.js';

/**
 * Runs a command to its end.
 *
 * @returns seconds from before its start until it has ended
 * @throws {Error} with what it printed, when it fails or takes too long
 */
export async function runCommand(command: string, args: readonly string[]): Promise<number> {
  const startMs = performance.now();
  const running = ManagedProcess.start(command, args);
  await running.finish([command, ...args].join(' '), LONGEST_RUN_MS);
  return (performance.now() - startMs) / 1000;
}
