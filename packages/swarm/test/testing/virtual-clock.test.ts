import { array, assert, integer, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';

import { VirtualClock } from '../../src/testing/index.js';
import { describeClock } from './clock.contract.js';

describeClock('the virtual clock', () => {
  const clock = new VirtualClock(100);
  return {
    clock,
    until: (condition) => {
      if (!clock.runUntilTrue(condition, clock.now() + 1_000)) throw new Error('it did not happen in a second');
      return Promise.resolve();
    },
  };
});

describe('the virtual clock', () => {
  it('stands still until it is told to move', () => {
    const clock = new VirtualClock(7);
    clock.schedule(9, () => undefined);
    expect([clock.now(), clock.nextAt, clock.pendingCount]).toEqual([7, 9, 1]);
    expect(clock.step()).toBe(true);
    expect([clock.now(), clock.nextAt, clock.pendingCount]).toEqual([9, undefined, 0]);
    expect(clock.step()).toBe(false);
  });

  it('lets happen what was scheduled for one instant in the order in which it was scheduled', () => {
    const clock = new VirtualClock();
    const order: string[] = [];
    for (const name of ['a', 'b', 'c', 'd']) clock.schedule(5, () => order.push(name));
    clock.runUntil(5);
    expect(order).toEqual(['a', 'b', 'c', 'd']);
  });

  it('stands at the end of the time it was let run, though nothing happened then', () => {
    const clock = new VirtualClock();
    clock.runFor(50);
    clock.runUntil(20);
    expect(clock.now()).toBe(50);
  });

  it('stops at the limit when a condition is never met', () => {
    const clock = new VirtualClock();
    let count = 0;
    const tick = (): void => {
      count += 1;
      clock.schedule(clock.now() + 10, tick);
    };
    tick();
    expect(clock.runUntilTrue(() => count === 4, 1_000)).toBe(true);
    expect(clock.now()).toBe(30);
    expect(clock.runUntilTrue(() => false, 55)).toBe(false);
    expect(clock.now()).toBe(50);
  });

  it('refuses a time that is no number', () => {
    expect(() => new VirtualClock().schedule(NaN, () => undefined)).toThrow(RangeError);
  });

  it('keeps nothing of what was cancelled', () => {
    const clock = new VirtualClock();
    for (let count = 0; count < 1_000; count++) clock.schedule(count, () => undefined)();
    expect(clock.pendingCount).toBe(0);
  });

  it('counts whole microseconds, and wakes nobody too early by a rounding', () => {
    const clock = new VirtualClock();
    const woken: number[] = [];
    for (const at of [0.1 + 0.2, 1 / 3, 2.0000004]) clock.schedule(at, () => woken.push(clock.now() - at));
    clock.runUntil(3);
    expect(woken).toHaveLength(3);
    for (const late of woken) {
      expect(late).toBeGreaterThanOrEqual(0);
      expect(late).toBeLessThanOrEqual(0.001);
    }
  });

  it('takes back what was scheduled for the very instant that happens', () => {
    const clock = new VirtualClock();
    const happened: string[] = [];
    clock.schedule(1, () => {
      const cancelFirst = clock.schedule(1, () => happened.push('first'));
      clock.schedule(0, () => happened.push('second'));
      cancelFirst();
      const cancelLast = clock.schedule(1, () => happened.push('last'));
      clock.post(1_000, (text: string) => happened.push(text), 'posted');
      cancelLast();
    });
    clock.schedule(1, () => happened.push('earlier'));
    clock.runUntil(2);
    expect(happened).toEqual(['earlier', 'second', 'posted']);
    expect(clock.pendingCount).toBe(0);
  });

  it('happens as a sorted list would, whatever is cancelled', () => {
    const plan = record({ at: integer({ min: 0, max: 200 }), cancelsIndex: integer({ min: 0, max: 100 }) });
    assert(
      property(array(plan, { minLength: 10, maxLength: 100 }), (plans) => {
        const clock = new VirtualClock();
        const happened: number[] = [];
        const cancels = plans.map(({ at }, index) => clock.schedule(at, () => happened.push(index)));
        const cancelled = new Set(plans.map(({ cancelsIndex }) => cancelsIndex));
        for (const index of cancelled) cancels[index]?.();
        clock.runUntil(200);
        const expected = plans
          .map(({ at }, index) => ({ at, index }))
          .filter(({ index }) => !cancelled.has(index))
          .sort((a, b) => a.at - b.at || a.index - b.index);
        expect(happened).toEqual(expected.map(({ index }) => index));
      }),
      { numRuns: 300 },
    );
  });
});
