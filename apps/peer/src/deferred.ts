/** A promise that is settled from outside. Nobody has to wait for it: a rejection without listener is no crash. */
export class Deferred<T> {
  readonly promise: Promise<T>;
  #resolve: (value: T) => void = () => undefined;
  #reject: (reason: Error) => void = () => undefined;

  constructor() {
    this.promise = new Promise<T>((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.promise.catch(() => undefined);
  }

  /** Does nothing if it is settled. */
  resolve(value: T): void {
    this.#resolve(value);
  }

  /** Does nothing if it is settled. */
  reject(reason: Error): void {
    this.#reject(reason);
  }
}

/** Waits for what may take forever; rejects with the signal's reason when it is aborted first. */
export async function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const aborted = new Deferred<never>();
  const onAbort = () => {
    aborted.reject(new Error('stopped'));
  };
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** Resolves when the signal is aborted, at once if it is. */
export async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
