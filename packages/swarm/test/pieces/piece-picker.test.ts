/**
 * Goal: the picker chooses what a naive one would, however little or much a peer has, and however many pieces there are.
 * Method: besides examples, random swarms in which the choice is compared with a scan of all pieces. With many pieces the
 * fast paths (walk, list, part of the set) are all reached; where a part may lack the rarest, the test says what is still promised.
 */
import { Bitfield } from '@p2p/wire';
import { assert, constantFrom, double, nat, property } from 'fast-check';
import { describe, expect, it } from 'vitest';

import { Availability } from '../../src/core/pieces/availability.js';
import { PeerInterest } from '../../src/core/pieces/peer-interest.js';
import { PiecePicker } from '../../src/core/pieces/piece-picker.js';
import { SeededRandom } from '../../src/testing/seeded-random.js';

describe('PiecePicker', () => {
  it('chooses the rarest piece that the peer has', () => {
    const swarm = new Swarm(5, [
      [0, 1, 2],
      [0, 1],
      [0, 3],
    ]);
    expect(swarm.picker.choose(swarm.peer(0), 'rarest')).toBe(2);
    expect(swarm.picker.choose(swarm.peer(1), 'rarest')).toBe(1);
    expect(swarm.picker.choose(swarm.peer(2), 'rarest')).toBe(3);
  });

  it('chooses the commonest for a peer that is not to be relied upon', () => {
    const swarm = new Swarm(5, [
      [0, 1, 2],
      [0, 1],
      [0, 3],
    ]);
    expect(swarm.picker.choose(swarm.peer(2), 'commonest')).toBe(0);
  });

  it('takes from a seed what nobody else has, first of all', () => {
    const swarm = new Swarm(3, [[0, 1, 2], [0], [2]]);
    expect(swarm.picker.choose(swarm.peer(0), 'rarest')).toBe(1);
  });

  it('chooses nothing of a peer that has nothing we look for', () => {
    const swarm = new Swarm(3, [[0], []]);
    swarm.begin(0);
    expect(swarm.picker.choose(swarm.peer(0), 'rarest')).toBeUndefined();
    expect(swarm.picker.choose(swarm.peer(1), 'random')).toBeUndefined();
  });

  it('goes through the content in order when asked to, and back to what became missing again', () => {
    const swarm = new Swarm(4, [
      [0, 1, 2, 3],
      [1, 3],
    ]);
    swarm.begin(0);
    expect(swarm.picker.choose(swarm.peer(0), 'first')).toBe(1);
    swarm.begin(1);
    expect(swarm.picker.choose(swarm.peer(0), 'first')).toBe(2);
    expect(swarm.picker.choose(swarm.peer(1), 'first')).toBe(3);
    swarm.giveUp(0);
    expect(swarm.picker.choose(swarm.peer(0), 'first')).toBe(0);
  });

  it('chooses at random among all that the peer has', () => {
    const chosen = new Set<number | undefined>();
    for (let seed = 0; seed < 100; seed++) {
      const swarm = new Swarm(
        5,
        [
          [0, 1, 2],
          [0, 1],
          [0, 3],
        ],
        seed,
      );
      chosen.add(swarm.picker.choose(swarm.peer(0), 'random'));
    }
    expect(chosen).toEqual(new Set([0, 1, 2]));
  });

  it('chooses the rarest of a given few', () => {
    const swarm = new Swarm(5, [
      [0, 1, 2, 4],
      [0, 1],
      [0, 3],
    ]);
    expect(swarm.picker.chooseAmong([0, 1, 3], swarm.peer(0))).toBe(1);
    expect(swarm.picker.chooseAmong([3], swarm.peer(0))).toBeUndefined();
  });

  it('gives two nodes different pieces of equal rarity', () => {
    const chosen = new Set<number | undefined>();
    for (let seed = 0; seed < 50; seed++) {
      const swarm = new Swarm(100, [Array.from({ length: 100 }, (_, piece) => piece)], seed);
      chosen.add(swarm.picker.choose(swarm.peer(0), 'rarest'));
    }
    expect(chosen.size).toBeGreaterThan(30);
  });

  it('agrees with a naive picker in any small swarm', () => {
    assert(
      property(
        nat(),
        double({ min: 0, max: 1, noNaN: true }),
        constantFrom('rarest', 'commonest', 'first'),
        (seed, density, preference) => {
          const swarm = Swarm.random(60, 6, density, seed);
          for (let round = 0; round < 30; round++) {
            const peer = swarm.peer(round % 6);
            const chosen = swarm.picker.choose(peer, preference);
            const expected = naiveChoice(swarm, peer, preference);
            expectSameRank(swarm, chosen, expected);
            if (preference === 'first') expect(chosen).toBe(expected);
            if (chosen !== undefined) swarm.begin(chosen);
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  // 30,000 pieces: more than the walk covers (1,024). Peer 0 has nearly all, so that no piece is unheld.
  it.each([
    { name: 'a few common pieces, by its list', has: 250, isExact: true },
    { name: 'thousands of common pieces, by a part of its list', has: 4_000, isExact: false },
    { name: 'too many for a list, by a part of its set', has: 9_000, isExact: false },
  ])('finds a piece of a peer that has $name', ({ has, isExact }) => {
    const count = 30_000;
    const common = Array.from({ length: has }, (_, index) => count - 1 - index);
    const all = Array.from({ length: count - 1 }, (_, index) => index + 1);
    const swarm = new Swarm(count, [all, common, common.slice(0, has / 2)]);
    const peer = swarm.peer(1);
    const chosen = swarm.picker.choose(peer, 'rarest');
    if (isExact) expectSameRank(swarm, chosen, naiveChoice(swarm, peer, 'rarest'));
    else expect(chosen !== undefined && peer.pieces.has(chosen) && swarm.availability.isCandidate(chosen)).toBe(true);
    expect(swarm.picker.choose(peer, 'first')).toBe(naiveChoice(swarm, peer, 'first'));
  });

  it('finds the last piece of a peer with too many for a list, wherever it lies', () => {
    const count = 30_000;
    const all = Array.from({ length: count - 1 }, (_, index) => index + 1);
    const swarm = new Swarm(count, [all, Array.from({ length: 9_000 }, (_, index) => count - 1 - index)]);
    for (let index = 1; index < 9_000; index++) swarm.begin(count - 1 - index);
    expect(swarm.picker.choose(swarm.peer(1), 'rarest')).toBe(count - 1);
  });
});

describe('PiecePicker: cost', () => {
  // Looks into the peer's set. Of 200,000 pieces one peer has nearly all, so that all are held and in one level.
  const count = 200_000;
  const all = Array.from({ length: count - 1 }, (_, index) => index + 1);

  it.each([
    { name: 'that is held by nobody else', peers: [[5]], peer: 0, most: 2 },
    {
      name: 'of a peer with ten',
      peers: [all, [7, 99, 5_000, 6_000, 9_000, 77_777, 88_888, 99_999]],
      peer: 1,
      most: 1_100,
    },
    { name: 'of a peer with 8,000', peers: [all, all.filter((piece) => piece % 25 === 0)], peer: 1, most: 4_000 },
    { name: 'of a peer with 20,000', peers: [all, all.filter((piece) => piece % 10 === 0)], peer: 1, most: 4_000 },
  ])('is a few thousand looks at most for a piece $name', ({ peers, peer, most }) => {
    const swarm = new Swarm(count, peers);
    swarm.picker.choose(swarm.peer(peer), 'rarest');
    const looks = countLooks(swarm.peer(peer).pieces);
    for (let round = 0; round < 5; round++) {
      const before = looks();
      const chosen = swarm.picker.choose(swarm.peer(peer), 'rarest');
      expect(chosen).toBeDefined();
      expect(looks() - before).toBeLessThanOrEqual(most);
    }
  });

  it('is nothing for a peer whose pieces are all begun', () => {
    const swarm = new Swarm(count, [all, [7]]);
    swarm.begin(7);
    const looks = countLooks(swarm.peer(1).pieces);
    expect(swarm.picker.choose(swarm.peer(1), 'rarest')).toBeUndefined();
    expect(looks()).toBe(0);
  });
});

/** Counts calls of `has`. */
function countLooks(pieces: Bitfield): () => number {
  const has = pieces.has.bind(pieces);
  let looks = 0;
  pieces.has = (index) => {
    looks += 1;
    return has(index);
  };
  return () => looks;
}

class Swarm {
  readonly availability: Availability;
  readonly picker: PiecePicker;
  readonly pieceCount: number;
  readonly #peers: PeerInterest[];

  constructor(pieceCount: number, peers: readonly (readonly number[])[], seed = 1) {
    const random = new SeededRandom(seed);
    const have = new Bitfield(pieceCount);
    this.pieceCount = pieceCount;
    this.availability = new Availability(have, random);
    this.picker = new PiecePicker(this.availability, random);
    this.#peers = peers.map((indices) => {
      const pieces = new Bitfield(pieceCount);
      for (const index of indices) pieces.set(index);
      if (pieces.isFull) this.availability.addSeed();
      else this.availability.addPeer(pieces);
      return new PeerInterest(pieces, have, this.availability);
    });
  }

  static random(pieceCount: number, peerCount: number, density: number, seed: number): Swarm {
    const random = new SeededRandom(seed);
    const all = Array.from({ length: pieceCount }, (_, piece) => piece);
    const some = (): number[] => all.filter(() => random.below(1_000) < density * 1_000);
    return new Swarm(pieceCount, Array.from({ length: peerCount }, some), seed);
  }

  peer(index: number): PeerInterest {
    const peer = this.#peers[index];
    if (peer === undefined) throw new Error(`no peer ${index}`);
    return peer;
  }

  begin(piece: number): void {
    this.availability.exclude(piece);
  }

  giveUp(piece: number): void {
    this.availability.include(piece);
    this.picker.included(piece);
    for (const peer of this.#peers) peer.pieceMissing(piece);
  }
}

/** The twin: looks at every piece. */
function naiveChoice(
  swarm: Swarm,
  peer: PeerInterest,
  preference: 'rarest' | 'commonest' | 'first',
): number | undefined {
  let best: number | undefined;
  for (let piece = 0; piece < swarm.pieceCount; piece++) {
    if (!peer.pieces.has(piece) || !swarm.availability.isCandidate(piece)) continue;
    if (best === undefined) best = piece;
    const difference = swarm.availability.copiesAmongLeechers(piece) - swarm.availability.copiesAmongLeechers(best);
    if ((preference === 'rarest' && difference < 0) || (preference === 'commonest' && difference > 0)) best = piece;
  }
  return best;
}

/** Both chose nothing, or pieces of the same rarity; and what was chosen could be chosen. */
function expectSameRank(swarm: Swarm, chosen: number | undefined, expected: number | undefined): void {
  expect(chosen === undefined).toBe(expected === undefined);
  if (chosen === undefined || expected === undefined) return;
  expect(swarm.availability.isCandidate(chosen)).toBe(true);
  expect(swarm.availability.copiesAmongLeechers(chosen)).toBe(swarm.availability.copiesAmongLeechers(expected));
}
