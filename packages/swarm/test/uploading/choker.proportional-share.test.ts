import { describe, expect, it } from 'vitest';

import type { ChokerPeer } from '../../src/core/uploading/choking/choker-policy.js';
import { chokerOf, peer } from './choker-fixture.js';

describe('ProportionalShare', () => {
  it('gives each peer slots for its share of what they send, and a fifth evenly', () => {
    const rates = [600, 300, 100, 0];
    const rounds = roundsHeld(1, 1_000, () => rates.map((downloadedInRound) => ({ downloadedInRound })));
    // 0.8 of the rate's share, and a quarter of 0.2.
    for (const [index, share] of [0.53, 0.29, 0.13, 0.05].entries()) {
      expect((rounds[index] ?? 0) / 1_000).toBeCloseTo(share, 2);
    }
  });

  it('shares evenly while nobody sends anything', () => {
    expect(roundsHeld(2, 300, () => [{}, {}, {}])).toEqual([200, 200, 200]);
  });

  it('owes a peer that snubs us no more than the even share', () => {
    const rounds = roundsHeld(1, 1_000, () => [{ downloadedInRound: 900, isSnubbed: true }, { downloadedInRound: 1 }]);
    expect((rounds[0] ?? 0) / 1_000).toBeCloseTo(0.1, 2);
  });

  it('forgets within a few rounds what a peer once sent', () => {
    const rounds = roundsHeld(2, 120, (round) => [
      { downloadedInRound: round < 100 ? 1_000 : 0 },
      { downloadedInRound: 10 },
      { downloadedInRound: 10 },
    ]);
    // It holds a slot in each of the first 100; then it is owed three rounds, and the even share of twenty.
    expect(rounds[0]).toBeGreaterThanOrEqual(100);
    expect(rounds[0]).toBeLessThanOrEqual(108);
  });
});

/** In how many rounds each peer held a slot. */
function roundsHeld(slots: number, rounds: number, peersOf: (round: number) => Partial<ChokerPeer>[]): number[] {
  const choker = chokerOf(slots, { leeching: 'proportional-share' });
  const held = new Set<number>();
  const counts: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const peers = peersOf(round).map((each, session) => peer(session, { ...each, isUnchoked: held.has(session) }));
    const { choke, unchoke } = choker.rechoke(peers, false, round * 10_000);
    for (const session of choke) held.delete(session);
    for (const session of unchoke) held.add(session);
    for (const session of held) counts[session] = (counts[session] ?? 0) + 1;
  }
  return counts;
}
