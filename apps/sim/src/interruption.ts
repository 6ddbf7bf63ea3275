import { SimError } from './sim-error.js';

/** A person's, or the system's, wish that we stop. */
export interface Interruption {
  /** Aborted by the first signal, with a `SimError` as its reason. */
  readonly signal: AbortSignal;
  /** What to tell the shell: 128 and the signal's number. Undefined while nobody has interrupted. */
  readonly exitCode: () => number | undefined;
}

/**
 * Turns the first Ctrl-C (or SIGTERM, SIGHUP) into an orderly end, and the second into an immediate one.
 *
 * The immediate one is `process.exit`, so whatever hangs on `exit` still happens.
 */
export function watchForInterruption(process: NodeJS.Process): Interruption {
  const controller = new AbortController();
  let exitCode: number | undefined;
  for (const [name, number] of SIGNALS) {
    process.on(name, () => {
      if (exitCode !== undefined) process.exit(exitCode);
      exitCode = 128 + number;
      controller.abort(new SimError('interrupted', `stopped by ${name}; no process and no file of the run is left`));
    });
  }
  return { signal: controller.signal, exitCode: () => exitCode };
}

const SIGNALS = [
  ['SIGHUP', 1],
  ['SIGINT', 2],
  ['SIGTERM', 15],
] as const;
