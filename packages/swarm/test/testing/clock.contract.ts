// The contract of the Clock port (src/ports.ts), run by every implementation. A suite names how to make a clock, and how
// to let time pass until a condition holds.
import { describe, expect, it } from 'vitest';

import type { Clock } from '../../src/ports.js';

/** A clock, and a way to let time pass. */
export interface ClockHarness {
  readonly clock: Clock;
  readonly until: (condition: () => boolean) => Promise<void>;
}

export function describeClock(name: string, makeHarness: () => ClockHarness): void {
  describe(`${name} keeps the contract of a clock`, () => {
    it('never goes back', async () => {
      const { clock, until } = makeHarness();
      const times: number[] = [clock.now()];
      for (const waitMs of [0, 1, 3]) clock.schedule(clock.now() + waitMs, () => times.push(clock.now()));
      await until(() => times.length === 4);
      expect(times).toEqual([...times].sort((a, b) => a - b));
    });

    it('wakes once, and not before the time', async () => {
      const { clock, until } = makeHarness();
      const at = clock.now() + 5.5;
      const wokenAt: number[] = [];
      let isLater = false;
      clock.schedule(at, () => wokenAt.push(clock.now()));
      clock.schedule(at + 5, () => (isLater = true));
      await until(() => isLater);
      expect(wokenAt).toHaveLength(1);
      expect(wokenAt[0]).toBeGreaterThanOrEqual(at);
    });

    it('never wakes before the call returns, even for what is due', async () => {
      const { clock, until } = makeHarness();
      let isWoken = false;
      clock.schedule(clock.now() - 1_000, () => (isWoken = true));
      expect(isWoken).toBe(false);
      await until(() => isWoken);
    });

    it('wakes in the order of the times', async () => {
      const { clock, until } = makeHarness();
      const order: number[] = [];
      const now = clock.now();
      for (const waitMs of [12, 2, 7]) clock.schedule(now + waitMs, () => order.push(waitMs));
      await until(() => order.length === 3);
      expect(order).toEqual([2, 7, 12]);
    });

    it('does not wake when it was cancelled, however often, and takes a cancel that comes too late', async () => {
      const { clock, until } = makeHarness();
      const woken: string[] = [];
      const cancel = clock.schedule(clock.now() + 2, () => woken.push('cancelled'));
      const cancelLate = clock.schedule(clock.now() + 1, () => woken.push('first'));
      cancel();
      cancel();
      clock.schedule(clock.now() + 5, () => woken.push('last'));
      await until(() => woken.includes('last'));
      cancelLate();
      expect(woken).toEqual(['first', 'last']);
    });

    it('may be asked for another wake-up while waking', async () => {
      const { clock, until } = makeHarness();
      let count = 0;
      const again = () => {
        count += 1;
        if (count < 5) clock.schedule(clock.now(), again);
      };
      clock.schedule(clock.now(), again);
      await until(() => count === 5);
    });
  });
}
