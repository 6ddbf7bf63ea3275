import { describe, expect, it } from 'vitest';

import {
  DiskTrust,
  MAX_READS_BEFORE_TRIAL,
  READS_BEFORE_TRIAL,
  SLOW_READ_MS,
  SUSPICIOUS_READS,
} from '../src/disk-trust.js';

const fast = SLOW_READ_MS / 100;
const slow = SLOW_READ_MS + 1;

function distrust(): DiskTrust {
  const trust = new DiskTrust();
  trust.noteBlockingRead(slow);
  trust.noteBlockingRead(slow);
  expect(trust.mayBlock).toBe(false);
  return trust;
}

function readsUntilTrial(trust: DiskTrust): number {
  let count = 0;
  for (; !trust.mayBlock; count++) trust.notePooledRead();
  return count;
}

describe('DiskTrust', () => {
  it('takes a single slow read now and then for an accident', () => {
    const trust = new DiskTrust();
    for (let round = 0; round < 10; round++) {
      trust.noteBlockingRead(slow);
      expect(trust.mayBlock).toBe(true);
      for (let read = 0; read < SUSPICIOUS_READS; read++) trust.noteBlockingRead(fast);
    }
  });

  it('ends with two slow reads close to each other', () => {
    const trust = new DiskTrust();
    trust.noteBlockingRead(slow);
    for (let read = 0; read < SUSPICIOUS_READS - 1; read++) trust.noteBlockingRead(fast);
    trust.noteBlockingRead(slow);
    expect(trust.mayBlock).toBe(false);
  });

  it('comes back with a trial that is fast, and is on probation then', () => {
    const trust = distrust();
    expect(readsUntilTrial(trust)).toBe(READS_BEFORE_TRIAL);
    trust.noteBlockingRead(fast);
    expect(trust.mayBlock).toBe(true);
    trust.noteBlockingRead(slow);
    expect(trust.mayBlock).toBe(false);
  });

  it('waits twice as long after each trial that is slow, up to a bound', () => {
    const trust = distrust();
    const waits: number[] = [];
    for (let trial = 0; trial < 10; trial++) {
      waits.push(readsUntilTrial(trust));
      trust.noteBlockingRead(slow);
    }
    expect(waits.slice(0, 3)).toEqual([READS_BEFORE_TRIAL, 2 * READS_BEFORE_TRIAL, 4 * READS_BEFORE_TRIAL]);
    expect(waits.at(-1)).toBe(MAX_READS_BEFORE_TRIAL);
  });
});
