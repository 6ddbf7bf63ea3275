import type { Bitfield } from '@p2p/wire';

import { assert } from './assert.js';
import { type Random, randomBelow } from './random.js';

/**
 * How many peers have each piece, and the pieces we still look for (the candidates) in order of rarity.
 *
 * The order is one array, cut into levels: first the candidates that no counted peer has, then those that one has, and so on,
 * then all pieces that are no candidates. A `have` moves one piece over one border, by a swap: O(1). Within a level the order
 * is random, so that peers who know the same do not all fetch the same.
 *
 * Seeds are counted apart: they make no piece rarer than another, and their coming and going costs O(1).
 *
 * Invariant: `#order` is a permutation of the pieces and `#positions` its inverse; unless `#isStale`, the candidates with
 * `c` counted copies are exactly those from `#ends[c - 1]` (0 for c = 0) to below `#ends[c]`.
 */
export class Availability {
  readonly #random: Random;
  /** Copies among the peers that are no seeds. A swarm has at most 10,000 peers. */
  readonly #counts: Uint16Array;
  readonly #order: Uint32Array;
  readonly #positions: Uint32Array;
  #ends: number[] = [0];
  #candidateCount = 0;
  #seedCount = 0;
  /** Counts changed in bulk: the order must be made anew before its next use. */
  #isStale = true;

  /** @param have pieces that are no candidates at first */
  constructor(have: Bitfield, random: Random) {
    this.#random = random;
    this.#counts = new Uint16Array(have.size);
    this.#order = new Uint32Array(have.size);
    this.#positions = new Uint32Array(have.size);
    let end = have.size;
    for (let piece = 0; piece < have.size; piece++) {
      if (have.has(piece)) this.#place(piece, --end);
      else this.#place(piece, this.#candidateCount++);
    }
    for (let index = this.#candidateCount - 1; index > 0; index--) {
      this.#swap(this.candidateAt(index), randomBelow(random, index + 1));
    }
  }

  /** Pieces we look for. */
  get candidateCount(): number {
    return this.#candidateCount;
  }

  /** Candidates that somebody has. */
  get obtainableCount(): number {
    return this.#seedCount > 0 ? this.#candidateCount : this.#candidateCount - this.unheldCount;
  }

  /** Candidates that nobody has but the seeds; they are the first in the order. */
  get unheldCount(): number {
    this.refresh();
    return this.#ends[0] ?? 0;
  }

  get seedCount(): number {
    return this.#seedCount;
  }

  isCandidate(piece: number): boolean {
    return (this.#positions[piece] ?? Infinity) < this.#candidateCount;
  }

  /** Peers known to have the piece, without the seeds. */
  copiesAmongLeechers(piece: number): number {
    return this.#counts[piece] ?? 0;
  }

  /** The candidate at a place in the order: from 0, the rarest, to `candidateCount` - 1. Call `refresh` before a row of them. */
  candidateAt(index: number): number {
    return this.#order[index] ?? 0;
  }

  addSeed(): void {
    this.#seedCount += 1;
  }

  removeSeed(): void {
    assert(this.#seedCount > 0, 'a seed that leaves was counted when it came');
    this.#seedCount -= 1;
  }

  /** Counts a peer that is no seed. */
  addPeer(pieces: Bitfield): void {
    this.#bulk(pieces, (piece) => {
      this.addCopy(piece);
    });
  }

  removePeer(pieces: Bitfield): void {
    this.#bulk(pieces, (piece) => {
      this.removeCopy(piece);
    });
  }

  /** One counted peer more has the piece. */
  addCopy(piece: number): void {
    const count = this.copiesAmongLeechers(piece);
    this.#counts[piece] = count + 1;
    if (this.#isStale || !this.isCandidate(piece)) return;
    this.#needLevel(count + 1);
    const border = this.#endOf(count) - 1;
    this.#swap(piece, border);
    this.#ends[count] = border;
    this.#shuffleInto(piece, border, this.#endOf(count + 1));
  }

  /** One counted peer less has the piece. */
  removeCopy(piece: number): void {
    const count = this.copiesAmongLeechers(piece);
    assert(count > 0, 'a copy that is lost was counted when it came');
    this.#counts[piece] = count - 1;
    if (this.#isStale || !this.isCandidate(piece)) return;
    const border = this.#endOf(count - 1);
    this.#swap(piece, border);
    this.#ends[count - 1] = border + 1;
    this.#shuffleInto(piece, this.#startOf(count - 1), border + 1);
  }

  /** A counted peer got its last piece: from now on it is counted as a seed. No piece changes its rank. */
  becameSeed(): void {
    this.#seedCount += 1;
    for (let piece = 0; piece < this.#counts.length; piece++) this.#counts[piece] = this.copiesAmongLeechers(piece) - 1;
    // Nothing was at level 0, for this peer has every piece. With no candidates at all it may be the only level.
    if (this.#ends.length > 1) this.#ends.shift();
  }

  /** A seed lost a piece: from now on it is counted as any peer, still with all its pieces. */
  ceasedToBeSeed(): void {
    this.removeSeed();
    for (let piece = 0; piece < this.#counts.length; piece++) this.#counts[piece] = this.copiesAmongLeechers(piece) + 1;
    this.#ends.unshift(0);
  }

  /** Makes a piece a candidate (again). O(levels). */
  include(piece: number): void {
    this.refresh();
    assert(!this.isCandidate(piece), 'a piece is included once');
    const count = this.copiesAmongLeechers(piece);
    this.#needLevel(count);
    this.#swap(piece, this.#candidateCount);
    this.#candidateCount += 1;
    const top = this.#ends.length - 1;
    this.#ends[top] = this.#candidateCount;
    for (let level = top; level > count; level--) {
      const border = this.#endOf(level - 1);
      this.#swap(piece, border);
      this.#ends[level - 1] = border + 1;
    }
    this.#shuffleInto(piece, this.#startOf(count), this.#endOf(count));
  }

  /** Takes a piece out of the candidates. O(levels). */
  exclude(piece: number): void {
    this.refresh();
    assert(this.isCandidate(piece), 'a piece that is excluded is a candidate');
    for (let level = this.copiesAmongLeechers(piece); level < this.#ends.length; level++) {
      const border = this.#endOf(level) - 1;
      this.#swap(piece, border);
      this.#ends[level] = border;
    }
    this.#candidateCount -= 1;
  }

  /**
   * Sorts the order again if something changed in bulk: O(pieces), else O(1). Call it before a row of `candidateAt`.
   * Stable, so that what was random stays so.
   */
  refresh(): void {
    if (!this.#isStale) return;
    this.#isStale = false;
    const candidates = this.#order.slice(0, this.#candidateCount);
    const ends = [0];
    for (const piece of candidates) {
      const count = this.copiesAmongLeechers(piece);
      while (ends.length <= count) ends.push(0);
      ends[count] = (ends[count] ?? 0) + 1;
    }
    const next: number[] = [];
    let total = 0;
    for (const [count, size] of ends.entries()) {
      next.push(total);
      total += size;
      ends[count] = total;
    }
    for (const piece of candidates) {
      const count = this.copiesAmongLeechers(piece);
      const index = next[count] ?? 0;
      next[count] = index + 1;
      this.#place(piece, index);
    }
    this.#ends = ends;
  }

  /** Few pieces are moved one by one; many are only counted, and the order is made anew when somebody asks for it. */
  #bulk(pieces: Bitfield, change: (piece: number) => void): void {
    if (pieces.count * BULK_SHARE > pieces.size) this.#isStale = true;
    for (const piece of pieces.indices()) change(piece);
  }

  #startOf(count: number): number {
    return count === 0 ? 0 : this.#endOf(count - 1);
  }

  #endOf(count: number): number {
    return this.#ends[count] ?? this.#candidateCount;
  }

  #needLevel(count: number): void {
    while (this.#ends.length <= count) this.#ends.push(this.#candidateCount);
  }

  /** Puts a piece at a random place of its level, which reaches from `start` to below `end`. */
  #shuffleInto(piece: number, start: number, end: number): void {
    this.#swap(piece, start + randomBelow(this.#random, end - start));
  }

  /** Swaps a piece with the one at `index`. */
  #swap(piece: number, index: number): void {
    const other = this.candidateAt(index);
    this.#place(other, this.#positions[piece] ?? 0);
    this.#place(piece, index);
  }

  #place(piece: number, index: number): void {
    this.#order[index] = piece;
    this.#positions[piece] = index;
  }
}

/** From one piece in so many on, a change counts as one in bulk. Sorting costs about as much per piece as eight moves. */
const BULK_SHARE = 8;
