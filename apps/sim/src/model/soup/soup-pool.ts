import { Worker } from 'node:worker_threads';

import type { runSoupSeed } from './soup-seed.js';

export type SeedResult = ReturnType<typeof runSoupSeed>;

/** How a pool works off its seeds. */
export interface SoupPoolOptions {
  /** Threads, each with one seed at a time. */
  readonly jobs: number;
  /** The module that `soup-worker.ts` was built into. */
  readonly workerFile: URL;
  readonly onResult: (result: SeedResult) => void;
}

/** Runs seeds over several threads. Results come in any order; rejects if a thread fails. */
export async function runSoupPool(
  seeds: readonly number[],
  { jobs, workerFile, onResult }: SoupPoolOptions,
): Promise<void> {
  const waiting = seeds.values();
  const threads = Array.from({ length: Math.min(jobs, seeds.length) }, () => runThread(workerFile, waiting, onResult));
  await Promise.all(threads);
}

async function runThread(file: URL, waiting: Iterator<number>, onResult: (result: SeedResult) => void): Promise<void> {
  const worker = new Worker(file);
  try {
    await new Promise<void>((resolve, reject) => {
      const next = (): void => {
        const seed = waiting.next();
        if (seed.done === true) resolve();
        else worker.postMessage(seed.value);
      };
      worker.on('message', (result: SeedResult) => {
        onResult(result);
        next();
      });
      worker.on('error', reject);
      next();
    });
  } finally {
    await worker.terminate();
  }
}
