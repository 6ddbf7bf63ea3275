import { describe, expect, it } from 'vitest';

import { parseSettings } from '../src/settings.js';

describe('parseSettings', () => {
  it('measures transfers against libtorrent when nothing is said', () => {
    expect(parseSettings([])).toEqual({
      cases: ['transfer'],
      against: ['libtorrent'],
      runCount: 5,
      sizes: undefined,
      pieceSizes: undefined,
      media: ['memory'],
      jsonPath: undefined,
    });
  });

  it('reads cases, programs and sizes', () => {
    const args = [
      'swarm',
      'transfer',
      '--against',
      'aria2,rtorrent',
      '--size',
      '64MiB,8GiB',
      '--on',
      'memory,disk',
      '--piece-size',
      '64KiB,1MiB',
    ];
    expect(parseSettings([...args, '--runs', '3', '--json', 'out.json'])).toEqual({
      cases: ['swarm', 'transfer'],
      against: ['aria2', 'rtorrent'],
      runCount: 3,
      sizes: [67_108_864, 8_589_934_592],
      pieceSizes: [65_536, 1_048_576],
      media: ['memory', 'disk'],
      jsonPath: 'out.json',
    });
  });

  it('measures nobody else when told so', () => {
    expect(parseSettings(['--against', 'none'])?.against).toEqual([]);
  });

  it('names what it does not know', () => {
    expect(() => parseSettings(['speed'])).toThrow('unknown case "speed"; there are transfer, swarm, small, many');
    expect(() => parseSettings(['--against', 'azureus'])).toThrow('unknown program "azureus"');
    expect(() => parseSettings(['--runs', '0'])).toThrow('expected a whole number from 1 for --runs, got "0"');
    expect(() => parseSettings(['--size', '1 GB'])).toThrow('expected a size such as 64KiB or 1GiB, got "1 GB"');
    expect(() => parseSettings(['--size', '0'])).toThrow('expected a size such as 64KiB or 1GiB, got "0"');
  });
});
