import { array, assert, integer, nat, property, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';

import { RateMeter } from '../../src/core/rate-meter.js';

describe('RateMeter', () => {
  it('is 0 before anything came', () => {
    expect(new RateMeter().bytesPerSecond(5_000)).toBe(0);
  });

  it('knows a steady rate early, and keeps to it', () => {
    const meter = new RateMeter();
    for (let now = 100_000; now < 120_000; now += 10) {
      meter.add(now, 1_000);
      if (now >= 101_000) expect(meter.bytesPerSecond(now)).toBeCloseTo(100_000, -4);
    }
    expect(meter.totalBytes).toBe(2_000_000);
  });

  it('does not take the first instant for an infinite rate', () => {
    const meter = new RateMeter();
    meter.add(1_000, 16_384);
    expect(meter.bytesPerSecond(1_000)).toBe(4 * 16_384);
  });

  it('falls to 0 within its period when nothing comes any more, and takes its time to rise again', () => {
    const meter = new RateMeter(4_000);
    meter.add(0, 4_000);
    expect(meter.bytesPerSecond(2_000)).toBe(2_000);
    expect(meter.bytesPerSecond(3_999)).toBeCloseTo(1_000, 0);
    expect(meter.bytesPerSecond(4_001)).toBe(0);
    meter.add(60_000, 4_000);
    // Not 16,000: what comes once in a while is no fast link.
    expect(meter.bytesPerSecond(60_000)).toBeLessThan(1_100);
  });

  it('agrees with a naive sum over the slots it covers', () => {
    const steps = array(tuple(integer({ min: 0, max: 1_500 }), nat(100_000)), { maxLength: 60 });
    assert(
      property(steps, (sequence) => {
        const meter = new RateMeter(4_000);
        const added: { at: number; bytes: number }[] = [];
        let now = 7_000;
        for (const [elapsed, bytes] of sequence) {
          now += elapsed;
          meter.add(now, bytes);
          added.push({ at: now, bytes });
          const from = (Math.floor(now / 250) - 15) * 250;
          const sum = added.reduce((total, each) => total + (each.at >= from ? each.bytes : 0), 0);
          const rate = meter.bytesPerSecond(now);
          expect(rate).toBeGreaterThanOrEqual(sum / 4);
          expect(rate).toBeLessThanOrEqual(sum * 4);
        }
      }),
    );
  });
});
