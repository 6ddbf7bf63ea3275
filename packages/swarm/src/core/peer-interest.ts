import type { Bitfield } from '@p2p/wire';

import type { Availability } from './availability.js';

/**
 * What one peer has that we lack: counts, for the interested message and to see at once that there is nothing to begin;
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
  /** For a peer that is no seed: how many of its pieces we lack, and how many of those are missing, that is, not begun. */
  #lackedCount = 0;
  #missingCount = 0;
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

  /** Those of them that are not begun either. O(1). */
  get missingCount(): number {
    return this.pieces.isFull ? this.#availability.candidateCount : this.#missingCount;
  }

  /** The peer got a piece: `pieces` has it already. */
  peerGot(piece: number): void {
    if (this.#have.has(piece)) return;
    this.#lackedCount += 1;
    if (this.#availability.isCandidate(piece)) this.#missingCount += 1;
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
    if (this.#availability.isCandidate(piece)) this.#missingCount -= 1;
    this.#shortlist = undefined;
  }

  /** A piece was begun. */
  pieceBegun(piece: number): void {
    if (!this.pieces.isFull && this.pieces.has(piece)) this.#missingCount -= 1;
  }

  /** A piece that was begun is missing again. */
  pieceMissing(piece: number): void {
    if (!this.pieces.isFull && this.pieces.has(piece)) this.#missingCount += 1;
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
    this.#missingCount = 0;
    this.#shortlist = undefined;
    if (this.pieces.isFull) return;
    for (const piece of this.pieces.indices()) {
      if (this.#have.has(piece)) continue;
      this.#lackedCount += 1;
      if (this.#availability.isCandidate(piece)) this.#missingCount += 1;
    }
  }

  #makeShortlist(): number[] {
    const list: number[] = [];
    for (const piece of this.pieces.indices()) if (!this.#have.has(piece)) list.push(piece);
    this.#shortlist = list;
    return list;
  }
}

/** Bounds the memory of a list to about 64 KiB, and the search through it to some microseconds. */
const MAX_SHORTLIST = 8_192;
