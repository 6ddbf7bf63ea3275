import { describe, expect, it } from 'vitest';

import { randomBelow } from '../../src/core/random.js';

describe('randomBelow', () => {
  it('reaches every integer below the bound, and no other', () => {
    const words = Array.from({ length: 1_000 }, (_, index) => Math.floor((index / 1_000) * 2 ** 32));
    const drawn = words.map((word) => randomBelow({ uint32: () => word }, 7));
    expect([...new Set(drawn)].sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(randomBelow({ uint32: () => 2 ** 32 - 1 }, 7)).toBe(6);
    expect(randomBelow({ uint32: () => 2 ** 32 - 1 }, 2 ** 21)).toBe(2 ** 21 - 1);
  });
});
