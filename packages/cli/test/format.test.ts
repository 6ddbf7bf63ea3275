import { describe, expect, it } from 'vitest';

import {
  formatBytes,
  formatCount,
  formatPercent,
  formatRanges,
  formatRate,
  formatSeconds,
  formatTable,
} from '../src/index.js';

describe('format', () => {
  it('counts bytes in powers of 1024', () => {
    expect(formatBytes(0)).toBe('0 B');
    expect(formatBytes(65_536)).toBe('64 KiB');
    expect(formatBytes(1_610_612_736)).toBe('1.5 GiB');
    expect(formatRate(1_048_576.4)).toBe('1 MiB/s');
  });

  it('says 100% only when nothing is missing', () => {
    expect(formatPercent(999_999, 1_000_000)).toBe('99.9%');
    expect(formatPercent(1_000_000, 1_000_000)).toBe('100%');
    expect(formatPercent(0, 3)).toBe('0.0%');
    expect(formatPercent(0, 0)).toBe('100%');
  });

  it('gives times no finer than a person can use', () => {
    expect(formatSeconds(0.25)).toBe('250ms');
    expect(formatSeconds(12.3)).toBe('12s');
    expect(formatSeconds(7_810)).toBe('2h 10m');
  });

  it('counts one thing without an s', () => {
    expect(formatCount(1, 'peer')).toBe('1 peer');
    expect(formatCount(0, 'peer')).toBe('0 peers');
  });

  it('joins neighbours to ranges, and says how many it leaves out', () => {
    expect(formatRanges([])).toBe('');
    expect(formatRanges([3])).toBe('3');
    expect(formatRanges([1, 2, 3, 7, 9, 10])).toBe('1-3, 7, 9-10');
    expect(formatRanges([0, 2, 4, 5, 8], 2)).toBe('0, 2 and 3 more');
  });

  it('aligns the columns of a table', () => {
    expect(
      formatTable([
        ['a', 'long', 'x'],
        ['bcd', 'e', 'y'],
      ]),
    ).toBe('a    long  x\nbcd  e     y');
  });
});
