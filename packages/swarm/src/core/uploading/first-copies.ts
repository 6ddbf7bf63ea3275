import { BLOCK_BYTES, type BlockRef } from '@p2p/wire';

import { blockKey } from '../pieces/block-key.js';
import type { SessionId } from '../input.js';
import { type Random, randomBelow } from '../random.js';

/**
 * Sees to it that a first seed sends each piece once before it sends one twice.
 *
 * Nobody is lied to about what we have. A peer is told which pieces we would rather give it (BEP 6, suggest), each peer others;
 * and a request for a piece that went to another peer is refused (BEP 6, reject) while there are pieces that nobody has: the
 * other one can pass it on. Each block is refused once only: whoever asks again has nobody else to ask, and is served.
 *
 * A piece is fresh while nobody asked us for it and no leecher that we see has it.
 */
export class FirstCopies {
  readonly #pieceCount: number;
  /** By piece: who asked for it first, 0 while nobody did. Made when it is needed: a leecher never does. */
  #takers: Float64Array | undefined;
  readonly #suggested = new Map<number, SessionId>();
  /** Pieces on their way to who asked first, and since when, the oldest first. */
  readonly #sentAt = new Map<number, number>();
  readonly #refused = new Map<SessionId, Set<number>>();
  /** Refusals since a block was last sent. */
  readonly #refusalsInARow = new Map<SessionId, number>();
  /** No piece from `#start` to before this place, round the end, is both fresh and unsuggested. */
  #searchedTo: number;
  #hasFresh = true;

  constructor(pieceCount: number, random: Random) {
    this.#pieceCount = pieceCount;
    // Several first seeds that all began at piece 0 would send the same.
    this.#searchedTo = randomBelow(random, pieceCount);
  }

  /**
   * A fresh piece to name to a peer; undefined if there is none.
   *
   * @param isTheirs whether the peer has a piece
   * @param isNowhere whether no leecher that we see has it
   */
  suggest(
    session: SessionId,
    isTheirs: (piece: number) => boolean,
    isNowhere: (piece: number) => boolean,
    now: number,
  ): number | undefined {
    this.#findLost(isNowhere, now);
    if (!this.#hasFresh) return undefined;
    for (let step = 0; step < this.#pieceCount; step++) {
      const piece = (this.#searchedTo + step) % this.#pieceCount;
      if (this.#takerOf(piece) !== 0 || this.#suggested.has(piece)) continue;
      if (isTheirs(piece) || !isNowhere(piece)) continue;
      this.#searchedTo = (piece + 1) % this.#pieceCount;
      this.#suggested.set(piece, session);
      return piece;
    }
    this.#hasFresh = false;
    return undefined;
  }

  /**
   * A peer asks for a block.
   *
   * @returns `taken` if it is the first to ask for the piece, `refused` if another was, who can pass it on; else `again`
   */
  ask(session: SessionId, block: BlockRef): 'taken' | 'again' | 'refused' {
    const taker = this.#takerOf(block.piece);
    if (taker === 0) {
      this.#takers ??= new Float64Array(this.#pieceCount);
      this.#takers[block.piece] = session;
      this.#suggested.delete(block.piece);
      return 'taken';
    }
    if (taker === session || (!this.#hasFresh && this.#suggested.size === 0)) return 'again';
    // Who asks for bytes in between blocks could have any number of refusals remembered: it is served, at its own cost.
    if (block.begin % BLOCK_BYTES !== 0) return 'again';
    const key = blockKey(block);
    const refused = this.#refused.get(session);
    const refusalsInARow = this.#refusalsInARow.get(session) ?? 0;
    if (refused?.has(key) === true || refusalsInARow >= MAX_REFUSALS_IN_A_ROW) return 'again';
    this.#refusalsInARow.set(session, refusalsInARow + 1);
    if (refused === undefined) this.#refused.set(session, new Set([key]));
    else refused.add(key);
    return 'refused';
  }

  /** A block of the piece is on its way to the peer. */
  sent(session: SessionId, piece: number, now: number): void {
    this.#refusalsInARow.delete(session);
    if (this.#takerOf(piece) !== session) return;
    // Where it was, it would be the oldest.
    this.#sentAt.delete(piece);
    this.#sentAt.set(piece, now);
  }

  /** What a peer asked for of the piece was not sent: it may be another's. */
  release(session: SessionId, piece: number): void {
    if (this.#takers === undefined || this.#takers[piece] !== session) return;
    this.#takers[piece] = 0;
    this.#sentAt.delete(piece);
    this.#hasFresh = true;
  }

  /** The peer is gone, or choked: what was suggested to it and not asked for is suggested to others. */
  withdraw(session: SessionId): void {
    this.#refused.delete(session);
    this.#refusalsInARow.delete(session);
    for (const [piece, other] of this.#suggested) {
      if (other !== session) continue;
      this.#suggested.delete(piece);
      this.#hasFresh = true;
    }
  }

  /**
   * Pieces that were sent a while ago and that nobody has: whoever took one has left, or does not want it for itself.
   *
   * @param isNowhere whether no leecher that we see has the piece
   */
  #findLost(isNowhere: (piece: number) => boolean, now: number): void {
    for (const [piece, sentAt] of this.#sentAt) {
      if (now - sentAt < SEEN_WITHIN_MS) return;
      this.#sentAt.delete(piece);
      if (!isNowhere(piece) || this.#takers === undefined) continue;
      this.#takers[piece] = 0;
      this.#hasFresh = true;
    }
  }

  #takerOf(piece: number): SessionId {
    return this.#takers?.[piece] ?? 0;
  }
}

/** A whole piece is there, and was announced, so long after the last of it was sent. */
const SEEN_WITHIN_MS = 10_000;
/**
 * A fast peer asks for hundreds of blocks at once; if nearly all of them went to others, it would be told "no" hundreds of times
 * and leave us alone for a minute, as we do with a peer that rejects 32 requests in a row.
 */
const MAX_REFUSALS_IN_A_ROW = 16;
