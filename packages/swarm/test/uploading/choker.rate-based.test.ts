import { describe, expect, it } from 'vitest';

import { chokerOf, peer } from './choker-fixture.js';

describe('RateBased', () => {
  it('gives the slots to those who send most, and one to somebody by chance', () => {
    const peers = [10, 50, 30, 20, 40].map((rate, index) => peer(index + 1, { downloadedInRound: rate }));
    const lucky = new Set<number>();
    for (let seed = 0; seed < 40; seed++) {
      const { unchoke } = chokerOf(4, { seed }).rechoke(peers, false, 0);
      expect(unchoke).toHaveLength(4);
      expect(unchoke).toEqual(expect.arrayContaining([2, 5, 3]));
      for (const session of unchoke) if (![2, 5, 3].includes(session)) lucky.add(session);
    }
    expect([...lucky].sort()).toEqual([1, 4]);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'leaves the optimistic slot with one peer for 30 s, then moves it on (seed %d)',
    (seed) => {
      const choker = chokerOf(2, { seed });
      const held = { isUnchoked: true, unchokedAt: 0 };
      const candidates = [1, 2, 3, 4];
      const best = peer(9, { ...held, downloadedInRound: 100 });
      const first = choker.rechoke([best, ...candidates.map((each) => peer(each))], false, 0).unchoke[0] ?? 0;
      expect(candidates).toContain(first);
      const later = [best, ...candidates.map((each) => (each === first ? peer(each, held) : peer(each)))];
      expect(choker.rechoke(later, false, 10_000)).toEqual({ unchoke: [], choke: [] });
      expect(choker.rechoke(later, false, 20_000)).toEqual({ unchoke: [], choke: [] });
      const moved = choker.rechoke(later, false, 30_000);
      expect(moved.choke).toEqual([first]);
      expect(moved.unchoke).toHaveLength(1);
      expect(moved.unchoke).not.toContain(first);
    },
  );

  it('draws newcomers three times as often', () => {
    const best = peer(9, { downloadedInRound: 100, connectedAt: 0 });
    let newcomers = 0;
    for (let seed = 0; seed < 1_000; seed++) {
      const peers = [best, peer(1, { connectedAt: 0 }), peer(2, { connectedAt: 99_000 })];
      if (chokerOf(2, { seed }).rechoke(peers, false, 100_000).unchoke.includes(2)) newcomers += 1;
    }
    expect(newcomers).toBeGreaterThan(700);
    expect(newcomers).toBeLessThan(800);
  });

  it('gives nothing for its rate to a peer that snubs us', () => {
    const peers = [
      peer(1, { downloadedInRound: 900, isSnubbed: true }),
      ...[2, 3, 4, 5, 6].map((session) => peer(session, { downloadedInRound: session })),
    ];
    let asOptimistic = 0;
    for (let seed = 0; seed < 30; seed++) {
      const { unchoke } = chokerOf(5, { seed }).rechoke(peers, false, 0);
      expect(unchoke).toEqual(expect.arrayContaining([3, 4, 5, 6]));
      if (unchoke.includes(1)) asOptimistic += 1;
    }
    expect(asOptimistic).toBeLessThan(30);
  });

  it('does not move slots between equals', () => {
    const held = { isUnchoked: true, unchokedAt: 0 };
    const peers = [1, 2, 3, 4, 5].map((session) => (session > 3 ? peer(session, held) : peer(session)));
    const { choke } = chokerOf(3).rechoke(peers, false, 10_000);
    expect(choke).toEqual([]);
  });
});
