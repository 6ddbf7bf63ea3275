import { Worker } from 'node:worker_threads';

import type { runSoupSeed } from './soup-seed.js';

export type SeedResult = ReturnType<typeof runSoupSeed>;

/** How a pool works off its seeds. */
export interface SoupPoolOptions {
  /** Threads, each with one seed at a time. */
  readonly jobs: number;
  /** The module that `soup-worker.ts` was built into. */
  readonly workerFile: URL;
  /** What it throws ends the pool. */
  readonly onResult: (result: SeedResult) => void;
  /** Ends the pool at once, in the middle of its seeds. */
  readonly interrupted: AbortSignal;
}

/** Runs seeds over several threads. Results come in any order; rejects if a thread or `onResult` fails, and all threads end. */
export async function runSoupPool(seeds: readonly number[], options: SoupPoolOptions): Promise<void> {
  const waiting = seeds.values();
  const count = Math.min(options.jobs, seeds.length);
  const failure = new AbortController();
  const interrupted = AbortSignal.any([options.interrupted, failure.signal]);
  const onResult = (result: SeedResult): void => {
    try {
      options.onResult(result);
    } catch (error) {
      // At once, not when the thread has ended: another one may have its result ready by then.
      failure.abort(error);
    }
  };
  const runOne = async (): Promise<void> => {
    try {
      await runThread(waiting, { ...options, onResult, interrupted });
    } catch (error) {
      failure.abort(error);
    }
  };
  await Promise.all(Array.from({ length: count }, runOne));
  failure.signal.throwIfAborted();
}

async function runThread(waiting: Iterator<number>, options: SoupPoolOptions): Promise<void> {
  const { workerFile, onResult, interrupted } = options;
  const worker = new Worker(workerFile);
  let stop: () => void = () => undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      const next = (): void => {
        const seed = interrupted.aborted ? undefined : waiting.next();
        if (seed?.done === false) worker.postMessage(seed.value);
        else resolve();
      };
      stop = resolve;
      interrupted.addEventListener('abort', stop);
      worker.on('message', (result: SeedResult) => {
        if (interrupted.aborted) return;
        onResult(result);
        next();
      });
      worker.on('error', reject);
      next();
    });
  } finally {
    interrupted.removeEventListener('abort', stop);
    await worker.terminate();
  }
}
