import { describe, expect, it } from 'vitest';

import { capacityBound, fluidBound, pieceBound } from '../../src/model/bounds.js';

describe('the fluid bound', () => {
  const leechers = (count: number, up: number, down: number) => Array.from({ length: count }, () => ({ up, down }));

  it('is set by the seeder, by the slowest downlink, or by all uplinks together', () => {
    expect(fluidBound({ fileBytes: 100, seederUp: 10, leechers: leechers(3, 50, 50) }).seconds).toBe(10);
    expect(fluidBound({ fileBytes: 100, seederUp: 50, leechers: leechers(3, 50, 4) }).seconds).toBe(25);
    expect(fluidBound({ fileBytes: 100, seederUp: 20, leechers: leechers(4, 5, 100) }).seconds).toBe(10);
    expect(fluidBound({ fileBytes: 100, seederUp: 20, leechers: leechers(40, 0, 100) }).seconds).toBe(200);
  });
});

describe('the piece bound', () => {
  it('is that of Mundinger, Weber and Weiss', () => {
    const bound = (leecherCount: number) => pieceBound({ fileBytes: 256, pieces: 256, up: 1, leecherCount }).seconds;
    expect([1, 7, 8, 1_000].map(bound)).toEqual([256, 258, 259, 265]);
  });
});

describe('the capacity bound', () => {
  it('counts each uplink only while its peer is there', () => {
    const spans = [
      { from: 0, to: Infinity, up: 2 },
      { from: 10, to: 15, up: 4 },
    ];
    expect(capacityBound(spans, 10).seconds).toBe(5);
    expect(capacityBound(spans, 50).seconds).toBe(15);
    expect(capacityBound(spans, 60).seconds).toBe(20);
  });

  it('is never when all who upload have left', () => {
    expect(capacityBound([{ from: 0, to: 5, up: 1 }], 6).seconds).toBe(Infinity);
  });
});
