import { describe, expect, it } from 'vitest';

import { quantile } from '../../src/run/quantile.js';

describe('quantile', () => {
  it('takes the nearest rank, in numerical order', () => {
    const oneToTwenty = Array.from({ length: 20 }, (_, index) => 20 - index);
    expect(quantile(oneToTwenty, 0.5)).toBe(10);
    expect(quantile(oneToTwenty, 0.95)).toBe(19);
    expect(quantile(oneToTwenty, 1)).toBe(20);
    expect(quantile([100, 9], 0.5)).toBe(9);
  });

  it('of a share that is a rank is the value of that rank, however the machine rounds it', () => {
    for (let count = 1; count <= 200; count++) {
      const values = Array.from({ length: count }, (_, index) => index + 1);
      expect(values.map((rank) => quantile(values, rank / count))).toEqual(values);
    }
  });

  it('of one value is that value', () => {
    expect([0.01, 0.5, 0.95, 1].map((q) => quantile([7], q))).toEqual([7, 7, 7, 7]);
  });

  it('of nothing is unknown', () => {
    expect(quantile([], 0.5)).toBeUndefined();
  });

  it('leaves its input as it is', () => {
    const values = [3, 1, 2];
    quantile(values, 0.5);
    expect(values).toEqual([3, 1, 2]);
  });
});
