import { parentPort } from 'node:worker_threads';

import { runSoupSeed } from './soup-seed.js';

/** One thread of `p2p-sim soup`: is told a seed, answers with what came of it, and waits for the next. */
parentPort?.on('message', (seed: number) => {
  parentPort?.postMessage(runSoupSeed(seed));
});
