import { describe, expect, it } from 'vitest';

import { CHOKER_RULES, SEED_CHOKER_RULES } from '../../src/core/uploading/choking/choker-rules.js';
import { chokerOf, peer } from './choker-fixture.js';

describe('Choker', () => {
  it('is due at once, then every round', () => {
    const choker = chokerOf(4);
    expect(choker.nextRound(500)).toBe(500);
    choker.rechoke([], false, 500);
    expect(choker.nextRound(500)).toBe(10_500);
    expect(choker.nextRound(20_000)).toBe(20_000);
  });

  it('unchokes every interested peer while there are slots', () => {
    const peers = [peer(1), peer(2), peer(3, { isInterested: false })];
    expect(chokerOf(4).rechoke(peers, false, 0)).toEqual({ unchoke: [1, 2], choke: [] });
    expect(chokerOf(4).rechoke(peers, true, 0)).toEqual({ unchoke: [1, 2], choke: [] });
  });

  it('knows a free slot by how many peers hold one', () => {
    const choker = chokerOf(2);
    expect(choker.hasFreeSlot(1)).toBe(true);
    expect(choker.hasFreeSlot(2)).toBe(false);
  });

  it('chokes a peer that wants nothing any more', () => {
    const idle = peer(1, { isInterested: false, isUnchoked: true, unchokedAt: 0 });
    for (const isSeeding of [false, true]) {
      expect(chokerOf(4).rechoke([idle], isSeeding, 10_000)).toEqual({ unchoke: [], choke: [1] });
    }
  });

  it.each(CHOKER_RULES)('fills every slot, and never more, by the rule %s', (leeching) => {
    for (let count = 0; count <= 9; count++) {
      const peers = Array.from({ length: count }, (_, index) =>
        peer(index, { downloadedInRound: index * 7, pieceShare: index / 10, isSnubbed: index === 3 }),
      );
      const choker = chokerOf(4, { leeching });
      for (const now of [0, 10_000, 40_000]) {
        expect(choker.rechoke(peers, false, now).unchoke).toHaveLength(Math.min(4, count));
      }
    }
  });

  it.each(SEED_CHOKER_RULES)('gives a seeder its own rule: %s', (seeding) => {
    const peers = [0.4, 0.95, 0.5].map((pieceShare, session) => peer(session, { pieceShare }));
    const first = { 'round-robin': 0, 'anti-leech': 1, cooperative: 0 }[seeding];
    const leeching = seeding === 'anti-leech' ? 'cooperative' : 'anti-leech';
    expect(chokerOf(1, { leeching, seeding }).rechoke(peers, true, 0).unchoke).toEqual([first]);
    expect(chokerOf(1, { leeching, seeding }).rechoke(peers, false, 0).unchoke).toEqual([
      leeching === 'anti-leech' ? 1 : 0,
    ]);
  });
});
