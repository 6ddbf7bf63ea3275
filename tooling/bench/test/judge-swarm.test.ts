import { describe, expect, it } from 'vitest';

import { judgeSwarm } from '../src/cases/swarm.js';
import { anEntry } from './an-entry.js';

describe('judgeSwarm', () => {
  it('compares with the fastest other client, and counts the copies, for each piece size by itself', () => {
    const small = '256 MiB, 64 KiB, memory';
    const large = '256 MiB, 1024 KiB, memory';
    const found = judgeSwarm([
      anEntry('ours 1 -> 8', { group: small, uploadedCopies: 1.2 }),
      anEntry('slow 1 -> 8', { group: small, oursToThis: 0.5 }),
      anEntry('fast 1 -> 8', { group: small, oursToThis: 0.8 }),
      anEntry('node-loop 1 -> 1', { group: small, oursToThis: 3 }),
      anEntry('ours 1 -> 8', { group: large, uploadedCopies: 1.6 }),
      anEntry('fast 1 -> 8', { group: large, oursToThis: 0.95 }),
    ]);
    expect(found.map(({ found: value, holds }) => [value, holds])).toEqual([
      [0.8, true],
      [1.2, true],
      [0.95, false],
      [1.6, false],
    ]);
  });
});
