import { describe, expect, it } from 'vitest';

import { judgeTransfer } from '../src/cases/judge-transfer.js';
import type { CostSummary, EntrySummary } from '../src/report.js';

describe('judgeTransfer', () => {
  it('compares with the fastest and the thriftiest other client, and with the bare loop', () => {
    const found = judgeTransfer([
      entry('ours -> ours', { oursToThis: 1, cpu: 3 }),
      entry('fast -> fast', { oursToThis: 0.7, cpu: 5 }),
      entry('thrifty -> thrifty', { oursToThis: 0.4, cpu: 4 }),
      entry('node-loop -> node-loop', { oursToThis: 1.5, cpu: 1 }),
    ]);
    expect(found.map(({ found: value, holds }) => [Number(value).toFixed(2), holds])).toEqual([
      ['1.43', true], // 1 / 0.7, at least 1.3
      ['0.67', false], // 1 / 1.5, not 0.7
      ['0.75', true], // 3 / 4, at most 0.9
      ['50.00', true], // MiB
    ]);
  });

  it('wants mixed pairs to be as fast as libtorrent alone', () => {
    const found = judgeTransfer([
      entry('ours -> ours', { oursToThis: 1 }),
      entry('ours -> libtorrent', { oursToThis: 0.8 }),
      entry('libtorrent -> ours', { oursToThis: 0.5 }),
      entry('libtorrent -> libtorrent', { oursToThis: 0.6 }),
    ]).slice(-2);
    // Our time is 0.8 of the first pair's and 0.6 of libtorrent's own, so the pair is faster; the second is slower.
    expect(found.map(({ holds }) => holds)).toEqual([true, false]);
  });

  it('wants memory not to grow with the content, for each piece size by itself', () => {
    const found = judgeTransfer([
      entry('ours -> ours', { group: '1 GiB, 64 KiB, memory', byteCount: 2 ** 30, privateMib: 50 }),
      entry('ours -> ours', { group: '8 GiB, 64 KiB, memory', byteCount: 2 ** 33, privateMib: 54 }),
      entry('ours -> ours', { group: '1 GiB, 1024 KiB, memory', byteCount: 2 ** 30, privateMib: 50 }),
      entry('ours -> ours', { group: '8 GiB, 1024 KiB, memory', byteCount: 2 ** 33, privateMib: 60 }),
    ]).slice(-2);
    expect(found.map(({ holds }) => holds)).toEqual([true, false]);
  });
});

interface Values {
  readonly group?: string;
  readonly byteCount?: number;
  readonly oursToThis?: number;
  readonly cpu?: number;
  readonly privateMib?: number;
}

function entry(name: string, values: Values): EntrySummary {
  const { group = '1 GiB, 64 KiB, memory', byteCount = 2 ** 30, oursToThis = 1, cpu = 1, privateMib = 50 } = values;
  const cost: CostSummary = {
    userSeconds: cpu,
    systemSeconds: cpu,
    peakResidentBytes: 0,
    peakPrivateBytes: privateMib * 2 ** 20,
  };
  const flat = (value: number): EntrySummary['wallSeconds'] => ({ median: value, least: value, most: value });
  return {
    name,
    group,
    byteCount,
    wallSeconds: flat(1),
    firstDoneSeconds: flat(1),
    bytesPerSecond: 1,
    oursToThis: flat(oursToThis),
    uploadedCopies: flat(1),
    seeder: cost,
    leechers: cost,
  };
}
