import { describe, expect, it } from 'vitest';

import { chokerOf, peer } from './choker-fixture.js';

const SHARES = [0.1, 0.5, 0.98, 0.3, 0.7];
const PEERS = SHARES.map((pieceShare, session) => peer(session, { pieceShare, downloadedInRound: session }));

describe('AntiLeech', () => {
  it('prefers who has just begun and who is nearly done', () => {
    const choker = chokerOf(2, { leeching: 'anti-leech' });
    expect(choker.rechoke(PEERS, false, 0).unchoke).toEqual([0, 2]);
  });

  it('moves slots between equals, so that nobody waits for ever', () => {
    const choker = chokerOf(1, { leeching: 'anti-leech' });
    const held = peer(1, { isUnchoked: true, unchokedAt: 0 });
    expect(choker.rechoke([held, peer(2)], false, 10_000)).toEqual({ unchoke: [2], choke: [1] });
  });
});

describe('Cooperative', () => {
  it('prefers who has the fewest pieces, whatever it sends', () => {
    const choker = chokerOf(2, { leeching: 'cooperative' });
    expect(choker.rechoke(PEERS, false, 0).unchoke).toEqual([0, 3]);
  });

  it('leaves slots where they are between equals', () => {
    const choker = chokerOf(1, { leeching: 'cooperative' });
    const held = peer(2, { isUnchoked: true, unchokedAt: 0 });
    expect(choker.rechoke([peer(1), held], false, 10_000)).toEqual({ unchoke: [], choke: [] });
  });
});
