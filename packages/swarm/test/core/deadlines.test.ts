import { assert, property, array, integer, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';

import { Deadlines } from '../../src/core/deadlines.js';

describe('Deadlines', () => {
  it('gives the earliest first, and equal ones in the order in which they were armed', () => {
    const deadlines = new Deadlines();
    deadlines.arm(7, 30);
    deadlines.arm(3, 10);
    deadlines.arm(1, 10);
    expect(deadlines.next()).toBe(10);
    expect([deadlines.takeDue(10), deadlines.takeDue(10), deadlines.takeDue(10)]).toEqual([3, 1, undefined]);
    expect(deadlines.next()).toBe(30);
  });

  it('only ever moves a deadline closer', () => {
    const deadlines = new Deadlines();
    deadlines.arm(1, 20);
    deadlines.arm(1, 40);
    expect(deadlines.next()).toBe(20);
    deadlines.arm(1, 5);
    expect(deadlines.takeDue(5)).toBe(1);
    expect(deadlines.next()).toBeUndefined();
  });

  it('forgets what was disarmed, and what is never due', () => {
    const deadlines = new Deadlines();
    deadlines.arm(1, 20);
    deadlines.arm(2, Infinity);
    deadlines.arm(3, undefined);
    deadlines.disarm(1);
    expect(deadlines.next()).toBeUndefined();
    expect(deadlines.takeDue(1_000)).toBeUndefined();
  });

  it('agrees with a plain map under any sequence of calls', () => {
    const calls = array(tuple(integer({ min: -3, max: 8 }), integer({ min: 0, max: 50 }), integer({ min: 0, max: 3 })));
    assert(
      property(calls, (sequence) => {
        const deadlines = new Deadlines();
        const naive = new Map<number, number>();
        for (const [key, at, act] of sequence) {
          if (act === 0) {
            deadlines.disarm(key);
            naive.delete(key);
          } else if (act === 1) {
            const due = deadlines.takeDue(at);
            const least = Math.min(...naive.values());
            expect(due === undefined ? undefined : naive.get(due)).toBe(least <= at ? least : undefined);
            if (due !== undefined) naive.delete(due);
          } else {
            deadlines.arm(key, at);
            naive.set(key, Math.min(at, naive.get(key) ?? Infinity));
          }
          expect(deadlines.next()).toBe(naive.size === 0 ? undefined : Math.min(...naive.values()));
        }
      }),
    );
  });
});
