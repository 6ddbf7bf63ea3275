import { CliError } from '@p2p/cli';
import { describe, expect, it } from 'vitest';

import { parseSeeds } from '../../src/sweep/seed-list.js';

describe('parseSeeds', () => {
  it.each([
    ['7', [7]],
    ['0', [0]],
    ['1..4', [1, 2, 3, 4]],
    ['4294967295', [4_294_967_295]],
    ['9,1..3, 2..4', [1, 2, 3, 4, 9]],
  ])('reads %s', (text, seeds) => {
    expect(parseSeeds(text)).toEqual(seeds);
  });

  it.each(['', '1..', '..2', '4..1', '1.5', '-1', '1...3', '4294967296', '1,,2', 'all', '0..1000000'])(
    'refuses "%s"',
    (text) => {
      expect(() => parseSeeds(text)).toThrow(CliError);
      expect(() => parseSeeds(text)).toThrow(/expected seeds such as 7, 1\.\.20 .* got "/);
    },
  );
});
