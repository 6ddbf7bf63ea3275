import type { Message } from '@p2p/wire';
import { describe, expect, it } from 'vitest';

import { ControlFlood } from '../../src/core/links/control-flood.js';

/** How many frames of a type are admitted before the first that is not, at most `limit`. */
function admittedAtOnce(type: Message['type'], isNews = false, limit = 100_000): number {
  const flood = new ControlFlood();
  for (let count = 0; count < limit; count++) if (!flood.admits(type, isNews, 0)) return count;
  return limit;
}

describe('a flood of control frames', () => {
  it.each<Message['type']>(['keepAlive', 'choke', 'interested', 'have', 'cancel', 'extended', 'unknown', 'port'])(
    'of %s ends after a burst',
    (type) => {
      expect(admittedAtOnce(type)).toBe(4_000);
    },
  );

  it.each<Message['type']>(['request', 'piece', 'reject'])('is not one of %s, which others limit', (type) => {
    expect(admittedAtOnce(type)).toBe(100_000);
  });

  it('is not one of news: a fast peer has thousands of pieces a second', () => {
    expect(admittedAtOnce('have', true)).toBe(100_000);
  });

  it('is not a thousand a second, for as long as it likes', () => {
    const flood = new ControlFlood();
    for (let now = 0; now < 60_000; now++) expect(flood.admits('choke', false, now)).toBe(true);
  });

  it('is two thousand a second, before long', () => {
    const flood = new ControlFlood();
    const refusedAt = Array.from({ length: 20_000 }, (_, index) => index / 2).find(
      (now) => !flood.admits('choke', false, now),
    );
    expect(refusedAt).toBeGreaterThan(3_900);
    expect(refusedAt).toBeLessThan(4_100);
  });
});

describe('a message that makes us look at every piece', () => {
  /** How many are admitted at once, at most 1,000. */
  function admittedLooks(pieceCount: number, newsCount = 0): number {
    const flood = new ControlFlood();
    for (let count = 0; count < 1_000; count++) if (!flood.admitsLookAtAll(pieceCount, newsCount, 0)) return count;
    return 1_000;
  }

  it('costs the more the more pieces there are, and never so much that an honest peer could not send one', () => {
    expect([71, 1_440, 72_000, 262_144, 2_097_152].map((count) => admittedLooks(count))).toEqual([1_000, 200, 4, 2, 2]);
  });

  it('costs nothing where it is shorter than the haves that it stands for', () => {
    expect(admittedLooks(1_440, 19)).toBe(1_000);
    expect(admittedLooks(1_440, 20)).toBe(1_000);
    expect(admittedLooks(1_440, 10)).toBe(400);
  });
});
