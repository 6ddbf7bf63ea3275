import { ManagedProcess } from '@p2p/interop';

/**
 * Runs a command to its end.
 *
 * @returns seconds from before its start until it has ended
 * @throws {Error} with what it printed, when it fails
 */
export async function runCommand(command: string, args: readonly string[]): Promise<number> {
  const startMs = performance.now();
  const running = ManagedProcess.start(command, args);
  const status = await running.exited;
  if (status !== 'exit code 0') throw new Error(`${command} ${args.join(' ')}: ${status}\n${running.transcript}`);
  return (performance.now() - startMs) / 1000;
}
