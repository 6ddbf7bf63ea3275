import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

import { LONGEST_RUN_MS } from './program.js';

/**
 * Fulfils when a file is there: the way programs without an interface report, by a hook that touches it.
 *
 * @throws {Error} when it does not come
 */
export async function fileAppears(path: string): Promise<void> {
  const deadline = performance.now() + LONGEST_RUN_MS;
  while (!existsSync(path)) {
    if (performance.now() > deadline) throw new Error(`${path} did not appear within ${LONGEST_RUN_MS / 1000} s`);
    await sleep(POLL_MS);
  }
}

const POLL_MS = 5;
