import { describe, expect, it } from 'vitest';

import { runSoupPool } from '../../../src/model/soup/soup-pool.js';

describe('a pool of soup threads', () => {
  it('ends at once when it is interrupted, whatever its threads are doing, and keeps what was reached', async () => {
    const controller = new AbortController();
    const seeds: number[] = [];
    await runSoupPool([7, 8, 9], {
      jobs: 1,
      workerFile: new URL('../../fixtures/stuck-soup-worker.mjs', import.meta.url),
      interrupted: controller.signal,
      onResult: ({ outcome }) => {
        seeds.push(outcome.seed);
        setTimeout(() => controller.abort());
      },
    });
    expect(seeds).toEqual([7]);
  });

  it('ends, all its threads with it, when a result cannot be kept', async () => {
    const seeds: number[] = [];
    const pool = runSoupPool([7, 8, 9, 10], {
      jobs: 2,
      workerFile: new URL('../../fixtures/stuck-soup-worker.mjs', import.meta.url),
      interrupted: new AbortController().signal,
      onResult: ({ outcome }) => {
        seeds.push(outcome.seed);
        throw new Error('no room');
      },
    });
    await expect(pool).rejects.toThrow('no room');
    expect(seeds).toHaveLength(1);
  });

  it('runs nothing when it was interrupted before it began', async () => {
    const seeds: number[] = [];
    await runSoupPool([7, 8], {
      jobs: 2,
      workerFile: new URL('../../fixtures/stuck-soup-worker.mjs', import.meta.url),
      interrupted: AbortSignal.abort(),
      onResult: ({ outcome }) => seeds.push(outcome.seed),
    });
    expect(seeds).toEqual([]);
  });
});
