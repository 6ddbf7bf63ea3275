import { describe, expect, it } from 'vitest';

import { judgeTransfer } from '../src/cases/judge-transfer.js';
import { anEntry } from './an-entry.js';

describe('judgeTransfer', () => {
  it('compares with the fastest and the thriftiest other client, and with the bare loop', () => {
    const found = judgeTransfer([
      anEntry('ours -> ours', { oursToThis: 1, cpu: 3 }),
      anEntry('fast -> fast', { oursToThis: 0.7, cpu: 5 }),
      anEntry('thrifty -> thrifty', { oursToThis: 0.4, cpu: 4 }),
      anEntry('node-loop -> node-loop', { oursToThis: 1.5, cpu: 1 }),
    ]);
    expect(found.map(({ found: value, holds }) => [Number(value).toFixed(2), holds])).toEqual([
      ['1.43', true], // 1 / 0.7, at least 1.3
      ['0.67', false], // 1 / 1.5, not 0.7
      ['0.75', true], // 3 / 4, at most 0.9
      ['50.00', true], // MiB
    ]);
  });

  it('says nothing of other clients when none was measured', () => {
    const found = judgeTransfer([anEntry('ours -> ours', { oursToThis: 1, cpu: 3 })]);
    // Against the fastest, the bare loop and the thriftiest; memory needs nobody else.
    expect(found.map(({ holds }) => holds)).toEqual([undefined, undefined, undefined, true]);
  });

  it('wants mixed pairs to be as fast as libtorrent alone', () => {
    const found = judgeTransfer([
      anEntry('ours -> ours', { oursToThis: 1 }),
      anEntry('ours -> libtorrent', { oursToThis: 0.8 }),
      anEntry('libtorrent -> ours', { oursToThis: 0.5 }),
      anEntry('libtorrent -> libtorrent', { oursToThis: 0.6 }),
    ]).slice(-2);
    // Our time is 0.8 of the first pair's and 0.6 of libtorrent's own, so the pair is faster; the second is slower.
    expect(found.map(({ holds }) => holds)).toEqual([true, false]);
  });

  it('wants memory not to grow with the content, for each piece size by itself', () => {
    const found = judgeTransfer([
      anEntry('ours -> ours', { group: '1 GiB, 64 KiB, memory', byteCount: 2 ** 30, privateMib: 50 }),
      anEntry('ours -> ours', { group: '8 GiB, 64 KiB, memory', byteCount: 2 ** 33, privateMib: 54 }),
      anEntry('ours -> ours', { group: '1 GiB, 1024 KiB, memory', byteCount: 2 ** 30, privateMib: 50 }),
      anEntry('ours -> ours', { group: '8 GiB, 1024 KiB, memory', byteCount: 2 ** 33, privateMib: 60 }),
    ]).slice(-2);
    expect(found.map(({ holds }) => holds)).toEqual([true, false]);
  });
});
