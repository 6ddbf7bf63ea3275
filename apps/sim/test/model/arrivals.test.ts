import { SeededRandom } from '@p2p/swarm/testing';
import { describe, expect, it } from 'vitest';

import { poissonTimes, weibullSeconds } from '../../src/model/scenarios/arrivals.js';

const COUNT = 20_000;

describe('arrivals by chance', () => {
  it('come in order, at the rate that was asked for', () => {
    const times = poissonTimes(new SeededRandom(1), 4, COUNT);
    expect(times.every((at, index) => at >= (times[index - 1] ?? 0))).toBe(true);
    expect(COUNT / (times.at(-1) ?? 0)).toBeCloseTo(4, 0);
  });

  it('leave gaps of an exponential distribution: a share of 1/e is longer than the mean', () => {
    const times = poissonTimes(new SeededRandom(2), 1, COUNT);
    const long = times.filter((at, index) => at - (times[index - 1] ?? 0) > 1);
    expect(long.length / COUNT).toBeCloseTo(1 / Math.E, 1);
  });
});

describe('sessions', () => {
  it.each([
    // The median over the mean: (ln 2)^(1/shape) / Gamma(1 + 1/shape).
    { shape: 0.6, medianShare: 0.361 },
    { shape: 1, medianShare: 0.693 },
  ])('have a Weibull distribution of shape $shape with the mean that was asked for', ({ shape, medianShare }) => {
    const random = new SeededRandom(3);
    const lengths = Array.from({ length: COUNT }, () => weibullSeconds(random, { mean: 100, shape }));
    lengths.sort((a, b) => a - b);
    expect(lengths.reduce((sum, length) => sum + length, 0) / COUNT / 100).toBeCloseTo(1, 1);
    expect((lengths[COUNT / 2] ?? 0) / 100).toBeCloseTo(medianShare, 1);
  });
});
