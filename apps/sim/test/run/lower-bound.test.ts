import { describe, expect, it } from 'vitest';

import { lowerBoundSeconds } from '../../src/run/lower-bound.js';

const swarm = { lengthBytes: 1000, seederCount: 1, leecherCount: 9 };

describe('lowerBoundSeconds', () => {
  it('is unknown when no rate is limited', () => {
    expect(lowerBoundSeconds(swarm)).toBeUndefined();
  });

  it('is the time of the first copy when uploads are limited alike', () => {
    // 1000 B at 100 B/s; all nine copies over ten uplinks would take 9 s only.
    expect(lowerBoundSeconds({ ...swarm, uploadBytesPerSecond: 100 })).toBe(10);
  });

  it('is the time over all uplinks when there are many seeders', () => {
    // First copy: 1000 / 500 = 2 s. All: 9 x 1000 / (14 x 100) = 6.43 s.
    const seconds = lowerBoundSeconds({ ...swarm, seederCount: 5, uploadBytesPerSecond: 100 });
    expect(seconds).toBeCloseTo(6.4286, 4);
  });

  it('is the time of one downlink when that is the slowest', () => {
    expect(lowerBoundSeconds({ ...swarm, uploadBytesPerSecond: 100, downloadBytesPerSecond: 50 })).toBe(20);
    expect(lowerBoundSeconds({ ...swarm, downloadBytesPerSecond: 50 })).toBe(20);
  });
});
