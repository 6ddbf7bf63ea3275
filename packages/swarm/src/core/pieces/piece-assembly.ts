import { BLOCK_BYTES, type BlockRef, type PieceIndex, type PieceLayout } from '@p2p/wire';

import { assert } from '../assert.js';
import type { SessionId } from '../input.js';

/** No session at all: shared, for nearly every block is asked of one session only. */
export const NOBODY: readonly SessionId[] = [];

const NOBODY_EVER: ReadonlySet<SessionId> = new Set();

/** What comes in about as long as it takes to tell others, and to hear what they ask for. */
const FEW_BLOCKS = 3;
/** Copies of one block that may be in flight at a time. */
export const MAX_COPIES = 3;

/**
 * A piece that has been begun: which of its blocks are there, and of whom the others were asked.
 *
 * A block is in exactly one of: free (nobody was asked), requested (of one to `MAX_COPIES` sessions), received.
 */
export class PieceAssembly {
  readonly piece: PieceIndex;
  readonly pieceBytes: number;
  readonly blockCount: number;
  /** Who began the piece: it counts against this session's share of unverified pieces. */
  readonly opener: SessionId;
  /** Only one peer's blocks may go into it, so that a failed hash names the culprit. */
  isExclusive: boolean;
  /** Who fills it: asked for its free blocks first, and alone as long as there is other work for the rest. */
  owner: SessionId | undefined;
  /** The last owner that rejected a block of it, or let one time out. */
  failedOwner: SessionId | undefined;
  /** From whom it was taken because nothing came. */
  dispossessed: ReadonlySet<SessionId> = NOBODY_EVER;

  /** Per block: `RECEIVED`, or in how many copies it is requested. */
  readonly #states: number[];
  /** Per block `MAX_COPIES` places; the first of them, as many as there are copies in flight, hold whom we asked. */
  readonly #asked: number[];
  /** Per block that was received: who sent it, as its place in `#contributors`. */
  readonly #senders: number[];
  readonly #contributors: string[] = [];
  #freeCount: number;
  #receivedCount = 0;
  #requestCount = 0;
  /** No block below this one is free. */
  #firstFree = 0;

  constructor(layout: PieceLayout, piece: PieceIndex, origin: AssemblyOrigin) {
    this.piece = piece;
    this.pieceBytes = layout.pieceBytes(piece);
    this.blockCount = layout.blockCount(piece);
    this.opener = origin.opener;
    this.isExclusive = origin.isExclusive;
    // Plain arrays: typed ones cost three times as much to make, and the usual piece has only a few blocks.
    this.#states = zeros(this.blockCount);
    this.#asked = zeros(this.blockCount * MAX_COPIES);
    this.#senders = zeros(this.blockCount);
    this.#freeCount = this.blockCount;
  }

  get freeCount(): number {
    return this.#freeCount;
  }

  get receivedCount(): number {
    return this.#receivedCount;
  }

  /** Requests in flight, copies included. */
  get requestCount(): number {
    return this.#requestCount;
  }

  get isComplete(): boolean {
    return this.#receivedCount === this.blockCount;
  }

  /** Few of its blocks are missing, and all of those were asked of this peer alone. */
  isBeingFinishedBy(session: SessionId): boolean {
    const missingCount = this.blockCount - this.#receivedCount;
    if (missingCount === 0 || missingCount > FEW_BLOCKS || this.owner !== session) return false;
    return this.#freeCount === 0 && this.#requestCount === missingCount;
  }

  /** Keys of those who sent blocks of it, in the order in which they began. */
  get contributors(): readonly string[] {
    return this.#contributors;
  }

  isReceived(blockIndex: number): boolean {
    return this.#states[blockIndex] === RECEIVED;
  }

  /** In how many copies a block is requested. */
  copiesOf(blockIndex: number): number {
    return this.isReceived(blockIndex) ? 0 : (this.#states[blockIndex] ?? 0);
  }

  /** Notes that the first free block is asked of a session, and returns it; undefined if no block is free. */
  takeFree(session: SessionId): BlockRef | undefined {
    if (this.#freeCount === 0) return undefined;
    while (this.#states[this.#firstFree] !== 0) this.#firstFree += 1;
    return this.request(session, this.#firstFree);
  }

  /** Notes that a block is asked of a session, be it for the first time or again. */
  request(session: SessionId, blockIndex: number): BlockRef {
    const copies = this.copiesOf(blockIndex);
    assert(
      !this.isReceived(blockIndex) && copies < MAX_COPIES,
      'a block that is asked for is free, or has copies to spare',
    );
    assert(this.#placeOf(session, blockIndex) === undefined, 'a block is asked of a session once at a time');
    if (copies === 0) this.#freeCount -= 1;
    this.#states[blockIndex] = copies + 1;
    this.#asked[blockIndex * MAX_COPIES + copies] = session;
    this.#requestCount += 1;
    return this.#blockAt(blockIndex);
  }

  /** Forgets that a block was asked of a session; false if it was not. */
  drop(session: SessionId, blockIndex: number): boolean {
    const place = this.#placeOf(session, blockIndex);
    if (place === undefined) return false;
    const copies = this.copiesOf(blockIndex) - 1;
    this.#asked[place] = this.#asked[blockIndex * MAX_COPIES + copies] ?? 0;
    this.#states[blockIndex] = copies;
    this.#requestCount -= 1;
    if (copies === 0) this.#becameFree(blockIndex);
    return true;
  }

  /** Forgets all that was asked of a session, and returns it. */
  dropAll(session: SessionId): readonly BlockRef[] {
    if (this.#requestCount === 0) return NOTHING;
    const dropped: BlockRef[] = [];
    for (let blockIndex = 0; blockIndex < this.blockCount; blockIndex++) {
      if (this.drop(session, blockIndex)) dropped.push(this.#blockAt(blockIndex));
    }
    return dropped;
  }

  /** Whether a block of it is asked of a session of which the predicate holds. */
  isRequestedFromAny(predicate: (session: SessionId) => boolean): boolean {
    for (let blockIndex = 0; blockIndex < this.blockCount; blockIndex++) {
      if (this.isBlockRequestedFromAny(blockIndex, predicate)) return true;
    }
    return false;
  }

  /** Whether this block is asked of a session of which the predicate holds. */
  isBlockRequestedFromAny(blockIndex: number, predicate: (session: SessionId) => boolean): boolean {
    const first = blockIndex * MAX_COPIES;
    for (let place = first; place < first + this.copiesOf(blockIndex); place++) {
      const session = this.#asked[place];
      if (session !== undefined && predicate(session)) return true;
    }
    return false;
  }

  /** Whether a block of anybody but the peer with this key is in it. */
  hasBlocksOfOthers(key: string): boolean {
    return this.#contributors.some((contributor) => contributor !== key);
  }

  /** Notes that a block arrived that was missing; returns whom it had been asked of. */
  receive(blockIndex: number, contributor: string): readonly SessionId[] {
    assert(!this.isReceived(blockIndex), 'a block is received once');
    const copies = this.copiesOf(blockIndex);
    const asked = this.#askedFor(blockIndex, copies);
    if (copies === 0) this.#freeCount -= 1;
    this.#requestCount -= copies;
    this.#states[blockIndex] = RECEIVED;
    this.#receivedCount += 1;
    this.#senders[blockIndex] = this.#placeOfContributor(contributor);
    return asked;
  }

  /** Forgets what came from one peer: those blocks are free again, and will be overwritten. Returns how many bytes that are. */
  forgetBlocksOf(contributor: string): number {
    const place = this.#contributors.indexOf(contributor);
    if (place < 0) return 0;
    let bytes = 0;
    for (let blockIndex = 0; blockIndex < this.blockCount; blockIndex++) {
      if (!this.isReceived(blockIndex) || this.#senders[blockIndex] !== place) continue;
      this.#states[blockIndex] = 0;
      this.#becameFree(blockIndex);
      this.#receivedCount -= 1;
      bytes += this.#blockBytes(blockIndex);
    }
    // Its place is taken over by the last one, so that the others' blocks keep their senders.
    const last = this.#contributors.length - 1;
    this.#senders.forEach((sender, blockIndex) => {
      if (sender === last) this.#senders[blockIndex] = place;
    });
    this.#contributors[place] = this.#contributors[last] ?? contributor;
    this.#contributors.pop();
    return bytes;
  }

  /** Forgets what was received: the blocks are free again, and will be overwritten. */
  restart(): void {
    for (let blockIndex = 0; blockIndex < this.blockCount; blockIndex++) {
      if (!this.isReceived(blockIndex)) continue;
      this.#states[blockIndex] = 0;
      this.#becameFree(blockIndex);
    }
    this.#receivedCount = 0;
    this.#contributors.length = 0;
  }

  /** Without a copy out of the array where it is the usual one session. */
  #askedFor(blockIndex: number, copies: number): readonly SessionId[] {
    const first = blockIndex * MAX_COPIES;
    if (copies === 0) return NOBODY;
    return copies === 1 ? [this.#asked[first] ?? 0] : this.#asked.slice(first, first + copies);
  }

  #blockAt(blockIndex: number): BlockRef {
    return { piece: this.piece, begin: blockIndex * BLOCK_BYTES, length: this.#blockBytes(blockIndex) };
  }

  #blockBytes(blockIndex: number): number {
    return Math.min(BLOCK_BYTES, this.pieceBytes - blockIndex * BLOCK_BYTES);
  }

  #placeOfContributor(contributor: string): number {
    const place = this.#contributors.indexOf(contributor);
    return place >= 0 ? place : this.#contributors.push(contributor) - 1;
  }

  #becameFree(blockIndex: number): void {
    this.#freeCount += 1;
    this.#firstFree = Math.min(this.#firstFree, blockIndex);
  }

  #placeOf(session: SessionId, blockIndex: number): number | undefined {
    const first = blockIndex * MAX_COPIES;
    for (let place = first; place < first + this.copiesOf(blockIndex); place++) {
      if (this.#asked[place] === session) return place;
    }
    return undefined;
  }
}

/** How a piece came to be begun. */
export interface AssemblyOrigin {
  readonly opener: SessionId;
  readonly isExclusive: boolean;
}

function zeros(count: number): number[] {
  return new Array<number>(count).fill(0);
}

const NOTHING: readonly BlockRef[] = [];
const RECEIVED = 255;
