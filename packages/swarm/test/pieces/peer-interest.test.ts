import { Bitfield } from '@p2p/wire';
import { array, assert, integer, nat, property, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';

import { Availability } from '../../src/core/pieces/availability.js';
import { PeerInterest } from '../../src/core/pieces/peer-interest.js';
import { SeededRandom } from '../../src/testing/seeded-random.js';

const PIECES = 12;

describe('PeerInterest', () => {
  it('counts what a naive recount finds, whatever happens', () => {
    const events = array(tuple(integer({ min: 0, max: 5 }), nat(PIECES - 1)), { maxLength: 80 });
    assert(
      property(nat(4_095), events, (bits, sequence) => {
        const pair = new TwinPair(bits);
        for (const [kind, piece] of sequence) pair.play(kind, piece);
      }),
      { numRuns: 500 },
    );
  });

  it('makes no list of what a seed has, or of more than a few thousand pieces', () => {
    const have = new Bitfield(20_000);
    const availability = new Availability(have, new SeededRandom(1));
    const pieces = new Bitfield(20_000);
    for (let piece = 0; piece < 8_193; piece++) pieces.set(piece);
    const interest = new PeerInterest(pieces, have, availability);
    expect(new PeerInterest(Bitfield.full(20_000), have, availability).shortlist()).toBeUndefined();
    expect(interest.shortlist()).toBeUndefined();
    for (let piece = 0; piece < 4_097; piece++) {
      have.set(piece);
      interest.pieceStored(piece);
    }
    expect(interest.lackedCount).toBe(4_096);
    expect(interest.shortlist()).toHaveLength(4_096);
  });
});

class TwinPair {
  readonly #have = new Bitfield(PIECES);
  readonly #pieces = new Bitfield(PIECES);
  readonly #begun = new Set<number>();
  readonly #availability = new Availability(this.#have, new SeededRandom(1));
  readonly #interest: PeerInterest;

  constructor(bits: number) {
    for (let piece = 0; piece < PIECES; piece++) if (((bits >>> piece) & 1) === 1) this.#pieces.set(piece);
    this.#interest = new PeerInterest(this.#pieces, this.#have, this.#availability);
  }

  play(kind: number, piece: number): void {
    if (kind <= 1 && this.#pieces.set(piece)) this.#interest.peerGot(piece);
    if (kind === 2 && this.#pieces.clear(piece)) this.#interest.peerLost(piece);
    if (kind === 3 && !this.#have.has(piece) && !this.#begun.has(piece)) {
      this.#begun.add(piece);
      this.#availability.exclude(piece);
    }
    if (kind === 4 && this.#begun.delete(piece)) {
      this.#availability.include(piece);
      this.#interest.pieceMissing(piece);
    }
    if (kind === 5 && this.#begun.delete(piece)) {
      this.#have.set(piece);
      this.#interest.pieceStored(piece);
    }
    this.#compare();
  }

  #compare(): void {
    const lacked = [...this.#pieces.indices()].filter((piece) => !this.#have.has(piece));
    expect(this.#interest.lackedCount).toBe(lacked.length);
    const missing = lacked.filter((piece) => !this.#begun.has(piece));
    if (missing.length > 0) expect(this.#interest.isExhausted).toBe(false);
    else this.#interest.foundNothing();
    const list = this.#interest.shortlist();
    if (list === undefined) expect(this.#pieces.isFull).toBe(true);
    else expect(new Set(list.filter((piece) => !this.#have.has(piece)))).toEqual(new Set(lacked));
  }
}
