import { expect, it } from 'vitest';

import { SystemClock } from '../../src/node/index.js';
import { describeClock } from '../testing/clock.contract.js';

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

describeClock('the system clock', () => ({ clock: new SystemClock(), until }));

it('takes a wake-up further away than a timer of Node can be, and does not wake at once', async () => {
  const clock = new SystemClock();
  let isWoken = false;
  const cancel = clock.schedule(clock.now() + 2 ** 40, () => (isWoken = true));
  let isOver = false;
  clock.schedule(clock.now() + 3, () => (isOver = true));
  await until(() => isOver);
  cancel();
  expect(isWoken).toBe(false);
});
