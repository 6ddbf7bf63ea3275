/**
 * Goal: the order of the pieces is always that of a plain recount.
 * Method: any sequence of joins, leaves, haves and losses is played to `Availability` and to a twin that counts and sorts
 * naively; both must agree on the rarity of every place in the order.
 */
import { Bitfield } from '@p2p/wire';
import { array, assert, integer, nat, property, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';

import { Availability } from '../../src/core/pieces/availability.js';
import { SeededRandom } from '../../src/testing/seeded-random.js';

const PIECES = 40;

describe('Availability', () => {
  it('puts what fewer peers have first, and leaves seeds out of it', () => {
    const availability = new Availability(new Bitfield(3), new SeededRandom(1));
    availability.addSeed();
    availability.addPeer(pieces(3, [0, 2]));
    availability.addPeer(pieces(3, [2]));
    expect(orderOf(availability)).toEqual([1, 0, 2]);
    expect(availability.unheldCount).toBe(1);
    expect(availability.obtainableCount).toBe(3);
    availability.removeSeed();
    expect(orderOf(availability)).toEqual([1, 0, 2]);
    expect(availability.obtainableCount).toBe(2);
  });

  it('has no pieces among the candidates that are there from the start', () => {
    const availability = new Availability(pieces(4, [1, 3]), new SeededRandom(1));
    expect(orderOf(availability).sort()).toEqual([0, 2]);
    expect(availability.isCandidate(1)).toBe(false);
  });

  it('breaks ties by chance: seeds of the generator give different orders, one seed always the same', () => {
    const orderFor = (seed: number): string =>
      orderOf(new Availability(new Bitfield(PIECES), new SeededRandom(seed))).join();
    const orders = new Set(Array.from({ length: 20 }, (_, seed) => orderFor(seed)));
    expect(orders.size).toBe(20);
    expect(orderFor(7)).toBe(orderFor(7));
  });

  it('puts a piece that moves to another level at any place of it', () => {
    const places = new Set<number>();
    for (let seed = 0; seed < 200; seed++) {
      const availability = new Availability(new Bitfield(5), new SeededRandom(seed));
      for (const piece of [0, 1, 2, 3]) availability.addCopy(piece);
      places.add(orderOf(availability).indexOf(3));
    }
    expect([...places].sort()).toEqual([1, 2, 3, 4]);
  });

  it('puts a piece that becomes a candidate again at any place of its level', () => {
    const places = new Set<number>();
    for (let seed = 0; seed < 100; seed++) {
      const availability = new Availability(new Bitfield(4), new SeededRandom(seed));
      availability.exclude(2);
      availability.include(2);
      places.add(orderOf(availability).indexOf(2));
    }
    expect([...places].sort()).toEqual([0, 1, 2, 3]);
  });

  it('agrees with a naive twin under any sequence of changes', () => {
    const call = tuple(integer({ min: 0, max: 6 }), nat(1_000_000), array(nat(PIECES - 1), { maxLength: PIECES }));
    assert(
      property(nat(), array(call, { maxLength: 60 }), (seed, calls) => {
        const pair = new TwinPair(seed);
        for (const [kind, choice, indices] of calls) pair.play(kind, choice, indices);
      }),
      { numRuns: 100 },
    );
  });
});

describe('Availability of very many pieces', () => {
  const COUNT = 20_000;
  const every = (step: number): Bitfield =>
    pieces(
      COUNT,
      Array.from({ length: Math.ceil(COUNT / step) }, (_, index) => index * step),
    );

  it('is out of order only until it was swept', () => {
    const swarm = new Availability(new Bitfield(COUNT), new SeededRandom(1));
    const [halves, thirds] = [every(2), every(3)];
    swarm.addPeer(halves);
    swarm.addPeer(thirds);
    expect(swarm.isLagging).toBe(true);
    expect(swarm.unheldCount).toBe(Math.ceil(COUNT / 3));
    swarm.addCopy(1);
    swarm.exclude(0);
    swarm.removePeer(thirds);
    expectInOrder(swept(swarm));
    expect(swarm.unheldCount).toBe(COUNT / 2 - 1);
    expect(swarm.find(halves, 'rarest', COUNT)).toBeDefined();
  });

  it('keeps its order when a peer gets its last piece, and when a seed loses one, in the middle of a sweep', () => {
    const swarm = new Availability(new Bitfield(COUNT), new SeededRandom(1));
    const nearlyAll = Bitfield.full(COUNT);
    nearlyAll.clear(7);
    swarm.addPeer(every(2));
    swarm.addPeer(nearlyAll);
    for (let step = 0; step < 100; step++) swarm.sweep();
    swarm.addCopy(7);
    swarm.becameSeed();
    expect([swarm.isLagging, swarm.unheldCount]).toEqual([true, COUNT / 2]);
    expect(swarm.copiesAmongLeechers(7)).toBe(0);
    swarm.ceasedToBeSeed();
    swarm.removeCopy(9);
    expect(swarm.unheldCount).toBe(1);
    expectInOrder(swept(swarm));
    expect(swarm.candidateAt(0)).toBe(9);
  });

  function swept(swarm: Availability): Availability {
    while (swarm.isLagging) swarm.sweep();
    return swarm;
  }

  /** Every candidate once, the rarest first; nothing else. */
  function expectInOrder(swarm: Availability): void {
    const copies = orderOf(swarm).map((piece) => swarm.copiesAmongLeechers(piece));
    expect(new Set(orderOf(swarm)).size).toBe(swarm.candidateCount);
    expect(orderOf(swarm).every((piece) => swarm.isCandidate(piece))).toBe(true);
    expect(copies).toEqual(copies.toSorted((a, b) => a - b));
  }
});

/** An `Availability` and the naive truth about the same swarm. */
class TwinPair {
  readonly #availability: Availability;
  readonly #peers: Bitfield[] = [];
  readonly #candidates = new Set(Array.from({ length: PIECES }, (_, piece) => piece));

  constructor(seed: number) {
    this.#availability = new Availability(new Bitfield(PIECES), new SeededRandom(seed));
  }

  play(kind: number, choice: number, indices: readonly number[]): void {
    const piece = choice % PIECES;
    const peer = this.#peers[choice % Math.max(1, this.#peers.length)];
    if (kind === 0) this.#join(pieces(PIECES, indices));
    else if (kind === 1) this.#join(Bitfield.full(PIECES));
    else if (kind === 2) this.#include(piece);
    else if (kind === 3) this.#exclude(piece);
    else if (peer !== undefined) this.#change(peer, kind, indices);
    // Sometimes nobody looks for a while, so that changes in bulk pile up.
    if (choice % 4 > 0) this.#compare();
  }

  #change(peer: Bitfield, kind: number, indices: readonly number[]): void {
    if (kind === 4) this.#leave(peer);
    else if (kind === 5) for (const gained of indices) this.#gain(peer, gained);
    else for (const lost of indices) this.#lose(peer, lost);
  }

  #join(peer: Bitfield): void {
    this.#peers.push(peer);
    if (peer.isFull) this.#availability.addSeed();
    else this.#availability.addPeer(peer);
  }

  #leave(peer: Bitfield): void {
    this.#peers.splice(this.#peers.indexOf(peer), 1);
    if (peer.isFull) this.#availability.removeSeed();
    else this.#availability.removePeer(peer);
  }

  #gain(peer: Bitfield, piece: number): void {
    if (!peer.set(piece)) return;
    this.#availability.addCopy(piece);
    if (peer.isFull) this.#availability.becameSeed();
  }

  #lose(peer: Bitfield, piece: number): void {
    const wasFull = peer.isFull;
    if (!peer.clear(piece)) return;
    if (wasFull) this.#availability.ceasedToBeSeed();
    this.#availability.removeCopy(piece);
  }

  #include(piece: number): void {
    if (!this.#candidates.has(piece)) this.#availability.include(piece);
    this.#candidates.add(piece);
  }

  #exclude(piece: number): void {
    if (this.#candidates.delete(piece)) this.#availability.exclude(piece);
  }

  #compare(): void {
    const leechers = this.#peers.filter((peer) => !peer.isFull);
    const seedCount = this.#peers.length - leechers.length;
    const copies = (piece: number): number => leechers.filter((peer) => peer.has(piece)).length;
    const order = orderOf(this.#availability);
    expect(new Set(order)).toEqual(this.#candidates);
    expect(order.map(copies)).toEqual([...this.#candidates].map(copies).sort((a, b) => a - b));
    for (let piece = 0; piece < PIECES; piece++) {
      expect(this.#availability.copiesAmongLeechers(piece)).toBe(copies(piece));
      expect(this.#availability.isCandidate(piece)).toBe(this.#candidates.has(piece));
    }
    const unheld = order.filter((piece) => copies(piece) === 0).length;
    expect(this.#availability.unheldCount).toBe(unheld);
    expect(this.#availability.seedCount).toBe(seedCount);
    expect(this.#availability.obtainableCount).toBe(seedCount > 0 ? order.length : order.length - unheld);
  }
}

function orderOf(availability: Availability): number[] {
  return Array.from({ length: availability.candidateCount }, (_, index) => availability.candidateAt(index));
}

function pieces(size: number, indices: readonly number[]): Bitfield {
  const set = new Bitfield(size);
  for (const index of indices) set.set(index);
  return set;
}
