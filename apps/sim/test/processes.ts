import { readdirSync, readFileSync } from 'node:fs';

/** Ids of the processes that have this text on their command line. Linux only; elsewhere none is found. */
export function processesWith(text: string): number[] {
  if (process.platform !== 'linux') return [];
  const pids = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry) && commandLineOf(entry).includes(text));
  return pids.map(Number);
}

/** The command line of a running process. Linux only. */
export function argumentsOf(pid: number): string[] {
  return commandLineOf(String(pid)).split('\0');
}

/** Waits for something that another process does. The test's own time limit ends a wait in vain. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** Empty once the process has exited, even if nobody has asked for its exit code yet. */
function commandLineOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
  } catch {
    return '';
  }
}
