import { describe, expect, it } from 'vitest';

import { SuggestedPieces } from '../../src/core/pieces/suggested-pieces.js';
import { ALICE, BOB, CAROL, piecesOf, TestSwarm } from './test-swarm.js';

describe('SuggestedPieces', () => {
  it('gives the last one first, passes over what is not wanted, and forgets the oldest', () => {
    const suggested = new SuggestedPieces();
    for (let piece = 0; piece < 20; piece++) suggested.add(piece);
    expect(suggested.take((piece) => piece !== 19)).toBe(18);
    expect(suggested.take((piece) => piece < 15)).toBe(14);
    expect(suggested.take((piece) => piece < 12)).toBeUndefined();
    expect(suggested.take(() => true)).toBeUndefined();
  });
});

describe('BlockScheduler: suggested pieces', () => {
  it('asks a seed for what it suggests, then for what is rarest', () => {
    const swarm = new TestSwarm({ pieces: 40, blocks: 1, stored: [30, 31, 32, 33] });
    swarm.addSeed(ALICE);
    swarm.addLeecher(BOB, [17, 23]);
    swarm.scheduler.peerSuggests(ALICE, swarm.piece(17));
    swarm.scheduler.peerSuggests(ALICE, swarm.piece(23));
    expect(piecesOf(swarm.pick(ALICE, 2))).toEqual([23, 17]);
    expect([17, 23]).not.toContain(piecesOf(swarm.pick(ALICE, 1))[0]);
  });

  it('asks for no piece twice because it is suggested, and does not believe a leecher', () => {
    const swarm = new TestSwarm({ pieces: 40, blocks: 1, stored: [30, 31, 32, 33] });
    swarm.addSeed(ALICE);
    swarm.addLeecher(BOB, [1, 2]);
    swarm.addLeecher(CAROL, [2]);
    const first = piecesOf(swarm.pick(ALICE, 1));
    for (const piece of first) swarm.scheduler.peerSuggests(ALICE, swarm.piece(piece));
    expect(piecesOf(swarm.pick(ALICE, 1))).not.toEqual(first);
    swarm.scheduler.peerSuggests(BOB, swarm.piece(2));
    expect(piecesOf(swarm.pick(BOB, 1))).toEqual([1]);
  });
});
