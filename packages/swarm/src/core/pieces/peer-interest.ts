import type { Bitfield } from '@p2p/wire';

import type { Availability } from './availability.js';

/**
 * What one peer has that we lack: the count, for the interested message; whether there is nothing to begin, so as not to search in vain;
 * and for peers with little to offer the list, so that a piece is found without a search through a million others.
 */
export class PeerInterest {
  /** The peer's pieces: the session's own set, read only here. */
  readonly pieces: Bitfield;
  /** Where the picker's last search through `pieces` ended. */
  searchedTo: number | undefined;
  /** What we have: the scheduler's own set, read only here. */
  readonly #have: Bitfield;
  readonly #availability: Availability;
  /** For a peer that is no seed: how many of its pieces we lack. */
  #lackedCount = 0;
  /** For a peer that is no seed: all of them are known to be begun. */
  #isExhausted = false;
  /** The pieces we lack, and some that we got since; undefined when there are too many. */
  #shortlist: number[] | undefined;

  constructor(pieces: Bitfield, have: Bitfield, availability: Availability) {
    this.pieces = pieces;
    this.#have = have;
    this.#availability = availability;
    this.#recount();
  }

  /** Pieces that the peer has and we have not stored. O(1). */
  get lackedCount(): number {
    return this.pieces.isFull ? this.#have.size - this.#have.count : this.#lackedCount;
  }

  /**
   * It is known that there is nothing to begin: every piece that the peer has is begun or stored. False also where nobody has
   * looked yet. O(1).
   */
  get isExhausted(): boolean {
    return this.pieces.isFull ? this.#availability.candidateCount === 0 : this.#isExhausted;
  }

  /** A search through all its pieces found none to begin: nobody need search again until something changes. */
  foundNothing(): void {
    this.#isExhausted = true;
  }

  /** The peer got a piece: `pieces` has it already. */
  peerGot(piece: number): void {
    if (this.#have.has(piece)) return;
    this.#lackedCount += 1;
    if (this.#availability.isCandidate(piece)) this.#isExhausted = false;
    if (this.#shortlist !== undefined) this.#shortlist.push(piece);
    if (this.#shortlist !== undefined && this.#shortlist.length > MAX_SHORTLIST) this.#shortlist = undefined;
  }

  /** The peer lost a piece: `pieces` has it no more. */
  peerLost(piece: number): void {
    if (this.pieces.count === this.pieces.size - 1) {
      // A former seed was not counted piece by piece.
      this.#recount();
      return;
    }
    if (this.#have.has(piece)) return;
    this.#lackedCount -= 1;
    this.#shortlist = undefined;
  }

  /** A piece that was begun is missing again. */
  pieceMissing(piece: number): void {
    if (this.pieces.has(piece)) this.#isExhausted = false;
  }

  /** We stored a piece: the scheduler's set has it already. */
  pieceStored(piece: number): void {
    if (!this.pieces.isFull && this.pieces.has(piece)) this.#lackedCount -= 1;
  }

  /** All that the peer has and we lack, unless that is too much for a list; some entries we may have got meanwhile. */
  shortlist(): readonly number[] | undefined {
    if (this.pieces.isFull) return undefined;
    const list = this.#shortlist;
    if (list === undefined) return this.#lackedCount > MAX_SHORTLIST / 2 ? undefined : this.#makeShortlist();
    if (list.length > 2 * this.#lackedCount) this.#shortlist = list.filter((piece) => !this.#have.has(piece));
    return this.#shortlist;
  }

  #recount(): void {
    this.#lackedCount = 0;
    this.#isExhausted = false;
    this.#shortlist = undefined;
    if (this.pieces.isFull) return;
    this.#lackedCount = this.pieces.count - this.pieces.countCommon(this.#have);
  }

  #makeShortlist(): number[] {
    const list: number[] = [];
    this.pieces.forEach((piece) => {
      if (!this.#have.has(piece)) list.push(piece);
    });
    this.#shortlist = list;
    return list;
  }
}

/** Bounds the memory of a list to about 64 KiB, and the search through it to some microseconds. */
const MAX_SHORTLIST = 8_192;
