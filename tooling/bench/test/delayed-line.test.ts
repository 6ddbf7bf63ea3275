import { describe, expect, it } from 'vitest';

import { DelayedLine } from '../src/latency/delayed-line.js';

describe('DelayedLine', () => {
  it('lets bytes arrive in order, one after the other at its rate, after its delay', () => {
    const line = new DelayedLine(1000, 50); // a byte a millisecond
    line.put(new Uint8Array(10), 0);
    line.put(new Uint8Array(20), 0);
    expect(line.take(59)).toEqual([]);
    expect(line.take(60).map(({ length }) => length)).toEqual([10]);
    expect(line.take(79)).toEqual([]);
    expect(line.take(80).map(({ length }) => length)).toEqual([20]);
  });

  it('tells how long it is taken, and stands idle afterwards', () => {
    const line = new DelayedLine(1000, 50);
    line.put(new Uint8Array(100), 0);
    expect(line.waitMs(30)).toBe(70);
    expect(line.waitMs(200)).toBe(0);
    line.put(new Uint8Array(10), 200);
    expect(line.take(1000).map(({ length }) => length)).toEqual([100, 10]);
    expect(line.waitMs(205)).toBe(5);
  });

  it('takes no time for bytes without a rate', () => {
    const line = new DelayedLine(Infinity, 50);
    line.put(new Uint8Array(1_000_000), 0);
    expect(line.take(50)).toHaveLength(1);
  });
});
