/** The end of the process: by itself, by a signal, or because nobody reads what it prints. */
export interface Shutdown {
  /** Aborted when everything should be saved and come to its end. */
  readonly signal: AbortSignal;
  /** Leaves once what was printed is out: with the code of the signal if one came, else with `exitCode`. */
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
  // `p2p-peer … | head -1`: the reader has seen enough, which is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    controller.abort();
  });
  process.stderr.on('error', () => undefined);
  return {
    signal: controller.signal,
    leave: (exitCode) => {
      process.exitCode = signalCode ?? exitCode;
      process.stdout.write('', () => process.exit());
    },
  };
}

/** Two seconds are promised; saving has nearly all of them. */
const GRACE_MS = 1_800;
