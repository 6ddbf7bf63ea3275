import { Bitfield } from '@p2p/wire';

import { assert } from '../assert.js';
import { PieceLevel } from './piece-level.js';
import { type Random, randomBelow } from '../random.js';

/**
 * How many peers have each piece, and the pieces we still look for (the candidates) in order of rarity.
 *
 * The order is a list for each number of copies (a level). A `have` takes a piece out of one list and puts it into another: O(1).
 * Within a level the order is random, so that peers who know the same do not all fetch the same.
 *
 * Seeds are counted apart: they make no piece rarer than another, and their coming and going costs O(1).
 *
 * With very many pieces, a peer that comes or goes with many of them is only counted; the order follows in
 * small steps (`sweep`), so that no search ever stands still to sort. Until then some pieces stand at a level where they no longer
 * belong. With up to `EXACT_PIECES` pieces that never is so.
 *
 * Invariant: each candidate is in the level where it stands, at the index `#places` says; it stands at the level of its
 * copies unless `isLagging`.
 */
export class Availability {
  readonly #random: Random;
  /** Copies among the peers that are no seeds. A swarm has at most 10,000 peers. */
  readonly #counts: Uint16Array;
  readonly #candidates: Bitfield;
  readonly #levels: PieceLevel[] = [];
  readonly #places: Uint32Array;
  /** The level where each candidate stands; undefined where that always is the number of its copies. */
  readonly #standing: Uint16Array | undefined;
  /** Pieces from this one on may stand at a wrong level. */
  #sweptTo: number;
  #unheldCount: number;
  #seedCount = 0;

  /** @param have pieces that are no candidates at first */
  constructor(have: Bitfield, random: Random) {
    const { size } = have;
    this.#random = random;
    this.#counts = new Uint16Array(size);
    this.#places = new Uint32Array(size);
    this.#standing = size > EXACT_PIECES ? new Uint16Array(size) : undefined;
    this.#candidates = new Bitfield(size);
    this.#sweptTo = size;
    for (let piece = 0; piece < size; piece++) {
      if (have.has(piece)) continue;
      this.#candidates.set(piece);
      this.#enter(piece, 0);
    }
    this.#unheldCount = this.candidateCount;
  }

  /** Pieces we look for: the set itself, read only. */
  get candidates(): Bitfield {
    return this.#candidates;
  }

  get candidateCount(): number {
    return this.#candidates.count;
  }

  /** Candidates that somebody has. */
  get obtainableCount(): number {
    return this.#seedCount > 0 ? this.candidateCount : this.candidateCount - this.#unheldCount;
  }

  /** Candidates that nobody has but the seeds. */
  get unheldCount(): number {
    return this.#unheldCount;
  }

  get seedCount(): number {
    return this.#seedCount;
  }

  isCandidate(piece: number): boolean {
    return this.#candidates.has(piece);
  }

  /** Peers known to have the piece, without the seeds. */
  copiesAmongLeechers(piece: number): number {
    return this.#counts[piece] ?? 0;
  }

  /** Somebody has the piece, be it a seed. */
  isHeld(piece: number): boolean {
    return this.#seedCount > 0 || this.copiesAmongLeechers(piece) > 0;
  }

  /** The candidate at a place in the order: from 0, the rarest, to `candidateCount` - 1. O(levels). */
  candidateAt(index: number): number {
    let rest = index;
    for (const level of this.#levels) {
      if (rest < level.length) return level.at(rest);
      rest -= level.length;
    }
    return 0;
  }

  /**
   * The first candidate in the order that is in a set.
   *
   * @param end where to begin: at the rarest or at the commonest
   * @param maxSteps of so many candidates at the most; undefined if none of them is in the set
   */
  find(pieces: Bitfield, end: 'rarest' | 'commonest', maxSteps: number): number | undefined {
    const top = this.#levels.length - 1;
    // What only seeds have is no use to look through for anybody else.
    const bottom = pieces.isFull ? 0 : 1;
    let steps = maxSteps;
    for (let turn = bottom; turn <= top; turn++) {
      const list = this.#levels[end === 'rarest' ? turn : top - turn + bottom];
      for (let index = 0; list !== undefined && index < list.length; index++, steps--) {
        if (steps === 0) return undefined;
        const piece = list.at(index);
        if (pieces.has(piece)) return piece;
      }
    }
    return undefined;
  }

  /** Some pieces stand at a level where they no longer belong, so that `find` may miss them or find them too early. */
  get isLagging(): boolean {
    return this.#sweptTo < this.#counts.length;
  }

  /** Brings the order a little nearer to the counts: some microseconds. Call it now and then while it lags. */
  sweep(): void {
    if (!this.isLagging) return;
    let moves = SWEEP_MOVES;
    const end = Math.min(this.#sweptTo + SWEEP_LOOKS, this.#counts.length);
    for (; this.#sweptTo < end && moves > 0; this.#sweptTo++) {
      const piece = this.#sweptTo;
      const count = this.copiesAmongLeechers(piece);
      const standing = this.#standingOf(piece);
      if (standing === count || !this.isCandidate(piece)) continue;
      this.#leave(piece, standing);
      this.#enter(piece, count);
      moves -= 1;
    }
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
    if (this.#mayLag(pieces)) this.#count(pieces, 1);
    else {
      pieces.forEach((piece) => {
        this.addCopy(piece);
      });
    }
  }

  removePeer(pieces: Bitfield): void {
    if (this.#mayLag(pieces)) this.#count(pieces, -1);
    else {
      pieces.forEach((piece) => {
        this.removeCopy(piece);
      });
    }
  }

  /** One counted peer more has the piece. O(1). */
  addCopy(piece: number): void {
    const count = this.copiesAmongLeechers(piece);
    const standing = this.#standingOf(piece);
    this.#counts[piece] = count + 1;
    if (!this.isCandidate(piece)) return;
    if (count === 0) this.#unheldCount -= 1;
    this.#leave(piece, standing);
    this.#enter(piece, count + 1);
  }

  /** One counted peer less has the piece. O(1). */
  removeCopy(piece: number): void {
    const count = this.copiesAmongLeechers(piece);
    const standing = this.#standingOf(piece);
    assert(count > 0, 'a copy that is lost was counted when it came');
    this.#counts[piece] = count - 1;
    if (!this.isCandidate(piece)) return;
    if (count === 1) this.#unheldCount += 1;
    this.#leave(piece, standing);
    this.#enter(piece, count - 1);
  }

  /** A counted peer got its last piece: from now on it is counted as a seed. No piece changes its rank. */
  becameSeed(): void {
    this.#seedCount += 1;
    const counts = this.#counts;
    for (let piece = 0; piece < counts.length; piece++) counts[piece] = (counts[piece] ?? 0) - 1;
    // Nothing is at level 0, for this peer has every piece: but what still stands there, for want of a sweep.
    for (const lowest = this.#levels[0]; lowest !== undefined && lowest.length > 0;) {
      const piece = lowest.at(0);
      this.#leave(piece, 0);
      this.#enter(piece, this.copiesAmongLeechers(piece) + 1);
    }
    this.#levels.shift();
    const standing = this.#standing ?? counts.subarray(0, 0);
    for (let piece = 0; piece < standing.length; piece++) standing[piece] = Math.max((standing[piece] ?? 0) - 1, 0);
    this.#unheldCount = this.#countUnheld();
  }

  /** A seed lost a piece: from now on it is counted as any peer, still with all its pieces. */
  ceasedToBeSeed(): void {
    this.removeSeed();
    for (const values of [this.#counts, this.#standing ?? []]) {
      for (let piece = 0; piece < values.length; piece++) values[piece] = (values[piece] ?? 0) + 1;
    }
    this.#levels.unshift(new PieceLevel());
    this.#unheldCount = 0;
  }

  /** Makes a piece a candidate (again). O(1). */
  include(piece: number): void {
    assert(this.#candidates.set(piece), 'a piece is included once');
    const count = this.copiesAmongLeechers(piece);
    if (count === 0) this.#unheldCount += 1;
    this.#enter(piece, count);
  }

  /** Takes a piece out of the candidates. O(1). */
  exclude(piece: number): void {
    assert(this.#candidates.clear(piece), 'a piece that is excluded is a candidate');
    if (this.copiesAmongLeechers(piece) === 0) this.#unheldCount -= 1;
    this.#leave(piece, this.#standingOf(piece));
  }

  #mayLag(pieces: Bitfield): boolean {
    return this.#standing !== undefined && pieces.count > MAX_MOVES_AT_ONCE;
  }

  /** Only counts; the order is to follow. */
  #count(pieces: Bitfield, change: 1 | -1): void {
    const counts = this.#counts;
    /** What a piece counts before it is held by its first peer, or after it was lost by its last. */
    const border = change === 1 ? 0 : 1;
    pieces.forEach((piece) => {
      const count = counts[piece] ?? 0;
      counts[piece] = count + change;
      if (count === border && this.isCandidate(piece)) this.#unheldCount -= change;
    });
    this.#sweptTo = 0;
  }

  #countUnheld(): number {
    let held = 0;
    const counts = this.#counts;
    for (let piece = 0; piece < counts.length; piece++) {
      if (counts[piece] !== 0 && this.#candidates.has(piece)) held += 1;
    }
    return this.candidateCount - held;
  }

  #standingOf(piece: number): number {
    return (this.#standing ?? this.#counts)[piece] ?? 0;
  }

  /** Puts a piece at a random place of a level. */
  #enter(piece: number, level: number): void {
    while (this.#levels.length <= level) this.#levels.push(new PieceLevel());
    const list = this.#levels[level];
    if (list === undefined) return;
    const end = list.length;
    const index = randomBelow(this.#random, end + 1);
    list.push(piece);
    if (index !== end) {
      this.#place(list, list.at(index), end);
      this.#place(list, piece, index);
    } else this.#places[piece] = end;
    if (this.#standing !== undefined) this.#standing[piece] = level;
  }

  #leave(piece: number, level: number): void {
    const list = this.#levels[level];
    const last = list?.pop();
    if (list !== undefined && last !== undefined && last !== piece) this.#place(list, last, this.#places[piece] ?? 0);
  }

  #place(list: PieceLevel, piece: number, index: number): void {
    list.set(index, piece);
    this.#places[piece] = index;
  }
}

/** Up to so many pieces the order is exact at all times: to move them all, because a peer came, takes half a millisecond. */
const EXACT_PIECES = 16_384;
/** With more, so many are moved at once: a fifth of a millisecond. */
const MAX_MOVES_AT_ONCE = 4_096;
/** Each move touches four places of memory that no cache holds. */
const SWEEP_MOVES = 2;
const SWEEP_LOOKS = 128;
