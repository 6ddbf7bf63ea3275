import { describe, expect, it } from 'vitest';

import { TokenBucket } from '../../src/core/token-bucket.js';

describe('TokenBucket', () => {
  it('lets everything pass when the rate is infinite', () => {
    const bucket = new TokenBucket(Infinity);
    expect(bucket.take(0, 1e15)).toBe(true);
    expect(bucket.available(0)).toBe(Infinity);
    expect(bucket.readyAt(5, 1e15)).toBe(5);
  });

  it('lets a burst pass at once, and then as much as flows in', () => {
    const bucket = new TokenBucket(1_000, 4_000);
    expect(bucket.take(0, 4_000)).toBe(true);
    expect(bucket.take(0, 1)).toBe(false);
    expect(bucket.available(500)).toBe(500);
    expect(bucket.take(500, 501)).toBe(false);
    expect(bucket.take(500, 500)).toBe(true);
  });

  it('never holds more than its burst', () => {
    const bucket = new TokenBucket(1_000, 4_000);
    bucket.take(0, 4_000);
    expect(bucket.available(3_600_000)).toBe(4_000);
  });

  it('tells when there will be room, and there is', () => {
    const bucket = new TokenBucket(300, 1_000);
    bucket.take(0, 1_000);
    const at = bucket.readyAt(0, 100);
    expect(at).toBe(334);
    expect(bucket.take(at - 1, 100)).toBe(false);
    expect(bucket.take(at, 100)).toBe(true);
    expect(bucket.readyAt(60_000, 100)).toBe(60_000);
  });

  it('lets more than a burst pass when it is full, and makes up for it after', () => {
    const bucket = new TokenBucket(1_000, 1_000);
    expect(bucket.take(0, 16_384)).toBe(true);
    expect(bucket.available(15_000)).toBe(0);
    expect(bucket.readyAt(15_000, 16_384)).toBe(16_384);
  });

  it('keeps to the rate over a long time, whatever the sizes', () => {
    const bucket = new TokenBucket(50_000, 65_536);
    let taken = 0;
    for (let now = 0; now <= 100_000; now += 7) while (bucket.take(now, 16_384)) taken += 16_384;
    expect(taken).toBeLessThanOrEqual(5_000_000 + 65_536);
    expect(taken).toBeGreaterThan(5_000_000 - 16_384);
  });

  it.each([0, -1, NaN])('refuses a rate of %d', (rate) => {
    expect(() => new TokenBucket(rate)).toThrow(RangeError);
    expect(() => new TokenBucket(1, rate)).toThrow(RangeError);
  });

  it('never names the present as the time when more will be there, however little is missing', () => {
    for (let step = 1; step <= 200; step++) {
      // 131,072 bytes take 125 ms. Filled in fractions, the sum may be a rounding error short of that.
      const start = 11_000;
      const bucket = new TokenBucket(1_048_576, 131_072);
      bucket.take(start, 131_072);
      for (let part = 1; part < step; part++) bucket.available(start + (125 * part) / step);
      const now = start + 125;
      if (!bucket.take(now, 131_072)) expect(bucket.readyAt(now, 131_072)).toBeGreaterThan(now);
    }
  });
});
