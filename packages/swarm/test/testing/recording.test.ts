import { describe, expect, it } from 'vitest';

import { Recording, TraceHash } from '../../src/testing/index.js';

describe('a trace hash', () => {
  const digestOf = (feed: (hash: TraceHash) => void): string => {
    const hash = new TraceHash();
    feed(hash);
    return hash.digest();
  };

  it('is the same for the same events', () => {
    const feed = (hash: TraceHash): void => {
      hash.add(1.5, 'a', 'dial', 'b', 6881);
      hash.add(2, 3, 'have', 7, true);
    };
    expect(digestOf(feed)).toBe(digestOf(feed));
    expect(digestOf(feed)).toMatch(/^[0-9a-f]{16}$/);
  });

  it('differs when any part of an event does, or the order', () => {
    const digests = [
      digestOf((hash) => hash.add(1, 'a', 'x', 1)),
      digestOf((hash) => hash.add(1.000001, 'a', 'x', 1)),
      digestOf((hash) => hash.add(1, 'b', 'x', 1)),
      digestOf((hash) => hash.add(1, 'a', 'y', 1)),
      digestOf((hash) => hash.add(1, 'a', 'x', 2)),
      digestOf((hash) => hash.add(1, 'a', 'x', 2 ** 40)),
      digestOf((hash) => hash.add(1, 'a', 'x', '1')),
      digestOf((hash) => hash.add(1, 'a', 'x', true)),
      digestOf((hash) => hash.add(1, 'a', 'x', 1, 1)),
      digestOf((hash) => hash.add(1, 'a', 'x')),
      digestOf((hash) => hash.add(1, 'ax', '', 1)),
      digestOf((hash) => {
        hash.add(1, 'a', 'x', 1);
        hash.add(1, 'b', 'x', 1);
      }),
      digestOf((hash) => {
        hash.add(1, 'b', 'x', 1);
        hash.add(1, 'a', 'x', 1);
      }),
    ];
    expect(new Set(digests).size).toBe(digests.length);
  });

  it('does not meet itself in a long run', () => {
    const hash = new TraceHash();
    const seen = new Set<string>();
    for (let count = 0; count < 20_000; count++) {
      hash.add(0, 0, '', 0);
      seen.add(hash.digest());
    }
    expect(seen.size).toBe(20_000);
    expect(hash.count).toBe(20_000);
  });
});

describe('a recording', () => {
  it('keeps the last events as lines, and hashes all of them', () => {
    const recording = new Recording(3);
    const hash = new TraceHash();
    for (let index = 0; index < 20; index++) {
      recording.add(index, 'n', 'have', index);
      hash.add(index, 'n', 'have', index);
    }
    expect(recording.lines()).toEqual(['17.000 n have 17', '18.000 n have 18', '19.000 n have 19']);
    expect(recording.hash.digest()).toBe(hash.digest());
  });
});
