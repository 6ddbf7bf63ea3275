import { EXIT_CODES } from '@p2p/cli';

/** The end of the process: by itself, by a signal, or because what it prints is lost. */
export interface Shutdown {
  /** Aborted when everything should be saved and come to its end. */
  readonly signal: AbortSignal;
  /** Leaves once what was printed is out: with the code of a signal if one came, 1 if it could not be written, else `exitCode`. */
  leave(exitCode: number): void;
}

/**
 * Watches for the end: the first Ctrl-C (or SIGTERM, SIGHUP) lets the command save and leave, within two seconds; the
 * second leaves at once. What was verified and synced is safe either way: the journal says so.
 */
export function watchForShutdown(): Shutdown {
  const controller = new AbortController();
  let signalCode: number | undefined;
  const stop = (code: number) => {
    if (signalCode !== undefined) process.exit(code);
    signalCode = code;
    setTimeout(() => process.exit(code), GRACE_MS).unref();
    controller.abort();
  };
  process.on('SIGINT', () => stop(130));
  process.on('SIGTERM', () => stop(143));
  process.on('SIGHUP', () => stop(129));
  let isOutputLost = false;
  const outputFailed = (error: NodeJS.ErrnoException) => {
    // `p2p-peer … | head -1`: the reader has seen enough, which is no failure.
    if (error.code !== 'EPIPE' && !isOutputLost) {
      isOutputLost = true;
      process.stderr.write(`p2p-peer: cannot write its output: ${error.message}\n`);
    }
    controller.abort();
  };
  process.stdout.on('error', outputFailed);
  process.stderr.on('error', () => undefined);
  return {
    signal: controller.signal,
    leave: (exitCode) => {
      process.stdout.write('', (error) => {
        // The event comes only after this.
        if (error) outputFailed(error);
        process.exit(signalCode ?? (isOutputLost ? EXIT_CODES.failed : exitCode));
      });
    },
  };
}

/** Two seconds are promised; saving has nearly all of them. */
const GRACE_MS = 1_800;
