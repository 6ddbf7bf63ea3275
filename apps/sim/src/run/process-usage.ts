import { readFile } from 'node:fs/promises';

/** What a process has cost so far. */
export interface ProcessUsage {
  /** User and system time of all its threads. */
  readonly cpuSeconds: number;
  /** The most memory it ever held resident, in bytes. */
  readonly peakRssBytes: number;
}

/**
 * Asks the kernel what another process has used.
 *
 * @returns `undefined` where there is no /proc (anywhere but on Linux), or once the process is gone
 */
export async function readProcessUsage(pid: number): Promise<ProcessUsage | undefined> {
  try {
    const [stat, status] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'latin1'),
      readFile(`/proc/${pid}/status`, 'latin1'),
    ]);
    return parseProcessUsage(stat, status);
  } catch {
    return undefined;
  }
}

/**
 * Reads /proc/PID/stat and /proc/PID/status.
 *
 * @returns `undefined` if they do not look as proc(5) says; a process that has exited (a zombie) has no memory line
 * @see proc(5): fields 14 (utime) and 15 (stime) of stat, in clock ticks; VmHWM ("high water mark") of status, in KiB
 */
export function parseProcessUsage(stat: string, status: string): ProcessUsage | undefined {
  // Field 2 is the program's name in parentheses and may itself hold spaces and parentheses: count from the last one.
  const afterName = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(afterName[14 - 3]) + Number(afterName[15 - 3]);
  const peakKib = Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]);
  if (!Number.isFinite(ticks) || !Number.isFinite(peakKib)) return undefined;
  return { cpuSeconds: ticks / CLOCK_TICKS_PER_SECOND, peakRssBytes: peakKib * 1024 };
}

/** USER_HZ: fixed at 100 for programs on every architecture that Node supports, whatever the kernel's own HZ. */
const CLOCK_TICKS_PER_SECOND = 100;
