import { readFileSync } from 'node:fs';

/** What a process cost while it was measured. */
export interface ProcessCost {
  /** Of all its threads. */
  readonly userSeconds: number;
  readonly systemSeconds: number;
  /** By write(2) and writev(2), sockets included: what a Node program sent and stored. Others may use other calls. */
  readonly writtenBytes: number;
  /** The most it had resident, its mapped files included (VmHWM; since its start). */
  readonly peakResidentBytes: number;
  /** The most of it that no file backs, as sampled: what the machine could not take back. */
  readonly peakPrivateBytes: number;
}

/** Watches one process from outside, by what Linux tells in /proc. */
export class ProcessMeter {
  readonly #pid: number;
  readonly #ticksBefore: CpuTicks;
  readonly #writtenBefore: number;
  readonly #sampling: NodeJS.Timeout;
  #peakPrivateBytes = 0;

  /** @param from whether CPU time counts from the start of the process or from now */
  constructor(pid: number, from: 'start' | 'now') {
    this.#pid = pid;
    this.#ticksBefore = from === 'start' ? { user: 0, system: 0 } : this.#cpuTicks();
    this.#writtenBefore = from === 'start' ? 0 : this.#writtenBytes();
    this.#sampling = setInterval(() => this.#sample(), SAMPLE_MS);
  }

  /** Call it while the process still runs. */
  finish(): ProcessCost {
    this.#sample();
    this.cancel();
    const { user, system } = this.#cpuTicks();
    return {
      userSeconds: (user - this.#ticksBefore.user) / TICKS_PER_SECOND,
      systemSeconds: (system - this.#ticksBefore.system) / TICKS_PER_SECOND,
      writtenBytes: this.#writtenBytes() - this.#writtenBefore,
      peakResidentBytes: statusBytes(this.#pid, 'VmHWM'),
      peakPrivateBytes: this.#peakPrivateBytes,
    };
  }

  cancel(): void {
    clearInterval(this.#sampling);
  }

  #sample(): void {
    this.#peakPrivateBytes = Math.max(this.#peakPrivateBytes, memoryOf(this.#pid).privateBytes);
  }

  #writtenBytes(): number {
    return Number(/^wchar: (\d+)/m.exec(readFileSync(`/proc/${this.#pid}/io`, 'latin1'))?.[1] ?? 0);
  }

  #cpuTicks(): CpuTicks {
    // The command's name may hold spaces and brackets: the fields count from the last bracket (proc(5)).
    const fields = readFileSync(`/proc/${this.#pid}/stat`, 'latin1')
      .replace(/^.*\) /s, '')
      .split(' ');
    return { user: Number(fields[11]), system: Number(fields[12]) };
  }
}

/** What a process has in memory now: all of it, its mapped files included, and what no file backs. */
export function memoryOf(pid: number): { readonly residentBytes: number; readonly privateBytes: number } {
  return { residentBytes: statusBytes(pid, 'VmRSS'), privateBytes: statusBytes(pid, 'RssAnon') };
}

/**
 * One line of /proc/PID/status. RssAnon is taken for private memory because it is a counter, while smaps_rollup walks
 * all pages under the lock that the process needs to touch new ones, and counts a file that only one process maps as its
 * private memory.
 */
function statusBytes(pid: number, field: string): number {
  const line = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'latin1'));
  return Number(line?.[1] ?? 0) * 1024;
}

interface CpuTicks {
  readonly user: number;
  readonly system: number;
}

const SAMPLE_MS = 50;
/** USER_HZ, which Linux fixes at 100 for all that it tells programs. */
const TICKS_PER_SECOND = 100;
