import type { BlockRef, PieceLayout } from '@p2p/wire';

import { errorOfFailure } from './content-io.js';
import type { ContentIo } from './content-io.js';
import { DiskTrust } from './disk-trust.js';
import type { ReadOutcome } from './piece-store.js';
import { readBuffer } from './read-buffer.js';
import { StorageError, storageErrorFrom } from './storage-error.js';

/**
 * Files are read in extents: a piece, or a part of so many bytes of a longer one, at once. The blocks that peers ask for
 * next are then already there.
 */
export const READ_EXTENT_BYTES = 256 * 1024;

/** Memory for extents. More makes it no faster on one machine (bench/read.ts), and it leaves the processor's cache. */
export const READ_CACHE_BYTES = 4 * 1024 * 1024;

/** Extents read at the same time while reads do not block: libuv has four threads, two stay free for other work. */
export const POOLED_READS = 2;

/** After so long the reader lets the event loop turn before it answers more. */
export const READ_TURN_MS = 4;

/** What a reader asks of the store. */
export interface ReaderParts {
  readonly layout: PieceLayout;
  readonly io: ContentIo;
  /** Whether a piece may be read now. */
  readonly isStored: (piece: number) => boolean;
  /** Why a range of the content may not be read though it is stored. */
  readonly faultOf?: (offset: number, length: number) => StorageError | undefined;
}

interface Request {
  readonly block: BlockRef;
  readonly done: (outcome: ReadOutcome) => void;
}

/** A part of the content in memory, or on its way there. */
interface Extent {
  readonly key: number;
  readonly offset: number;
  readonly length: number;
  readonly buffer: Uint8Array;
  state: 'loading' | 'ready' | StorageError;
}

/**
 * Answers reads in the order of the calls, from a small cache of extents.
 *
 * A read from the page cache takes microseconds when it blocks and ten times as long on the thread pool; one from a cold
 * disk would stop everything for milliseconds. So reads block as long as they are fast, and are
 * made on the pool otherwise ({@link DiskTrust}).
 */
export class PieceReader {
  readonly #layout: PieceLayout;
  readonly #io: ContentIo;
  readonly #now: () => number;
  readonly #isStored: (piece: number) => boolean;
  readonly #faultOf: NonNullable<ReaderParts['faultOf']>;
  readonly #queue: Request[] = [];
  /** In the order of use: the first was used longest ago. */
  readonly #extents = new Map<number, Extent>();
  readonly #extentBytes: number;
  readonly #maxExtents: number;
  #isScheduled = false;
  readonly #loads = new Set<Promise<void>>();
  readonly #trust = new DiskTrust();
  #isClosed = false;

  constructor({ layout, io, isStored, faultOf = () => undefined }: ReaderParts, now = () => performance.now()) {
    this.#layout = layout;
    this.#io = io;
    this.#isStored = isStored;
    this.#faultOf = faultOf;
    this.#now = now;
    this.#extentBytes = Math.min(layout.pieceLength, READ_EXTENT_BYTES);
    this.#maxExtents = Math.min(64, Math.max(8, Math.floor(READ_CACHE_BYTES / this.#extentBytes)));
  }

  /** Whether reads are made on the calling thread now. */
  get isBlocking(): boolean {
    return this.#trust.mayBlock;
  }

  /** See `PieceStore.readBlock`. */
  read(block: BlockRef, done: (outcome: ReadOutcome) => void): void {
    this.#queue.push({ block, done });
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    // At the end of the current event, so that all blocks that one packet asks for leave together.
    queueMicrotask(() => this.#turn());
  }

  /** Forgets what it holds of a piece. */
  forget(piece: number): void {
    for (const extent of this.#extents.values()) {
      if (Math.floor(extent.offset / this.#layout.pieceLength) === piece) this.#extents.delete(extent.key);
    }
  }

  /** Fails what is still asked, and everything that is asked later. Returns when no file is in use. */
  async close(): Promise<void> {
    this.#isClosed = true;
    if (!this.#isScheduled) this.#turn();
    await Promise.all(this.#loads);
  }

  #turn(): void {
    this.#isScheduled = true;
    const deadline = this.#now() + READ_TURN_MS;
    let answered = 0;
    try {
      for (let request = this.#queue[0]; request !== undefined; request = this.#queue[answered]) {
        const outcome = this.#outcome(request.block);
        if (outcome === undefined) break;
        answered += 1;
        request.done(outcome);
        if (this.#now() < deadline) continue;
        setImmediate(() => this.#turn());
        return;
      }
      this.#isScheduled = false;
    } catch (error) {
      // The fault of who asked; the others are answered all the same.
      setImmediate(() => this.#turn());
      throw error;
    } finally {
      this.#queue.splice(0, answered);
    }
    if (this.#queue.length > 0) this.#readAhead();
  }

  /** The answer, or undefined if it has to be waited for. */
  #outcome({ piece, begin, length }: BlockRef): ReadOutcome | undefined {
    if (this.#isClosed) return { kind: 'failed', error: new StorageError('closed', 'the store is closed') };
    if (!this.#layout.isRange(piece, begin, length)) {
      const error = new RangeError(`no block of ${length} bytes at ${begin} in piece ${piece}`);
      return { kind: 'failed', error: new StorageError('missing-piece', error.message, { cause: error }) };
    }
    if (!this.#isStored(piece)) {
      return { kind: 'failed', error: new StorageError('missing-piece', `piece ${piece} is not stored`) };
    }
    const fault = this.#faultOf(this.#layout.pieceOffset(piece) + begin, length);
    if (fault !== undefined) return { kind: 'failed', error: fault };
    const extent = this.#extentOf(piece, begin, length);
    if (extent === undefined || extent.state === 'loading') return undefined;
    if (extent.state !== 'ready') {
      this.#extents.delete(extent.key);
      return { kind: 'failed', error: extent.state };
    }
    const at = this.#layout.pieceOffset(piece) + begin - extent.offset;
    return { kind: 'read', data: extent.buffer.subarray(at, at + length) };
  }

  /** The extent with that block, read now or begun to be read; undefined if there is no room for one. */
  #extentOf(piece: BlockRef['piece'], begin: number, length: number): Extent | undefined {
    const first = begin - (begin % this.#extentBytes);
    const isInside = begin + length <= first + this.#extentBytes;
    const pieceOffset = this.#layout.pieceOffset(piece);
    // A block across two extents (nobody asks for such) is read by itself; its key is that of no extent.
    const key = isInside ? pieceOffset + first : -(pieceOffset + begin) - 1;
    const offset = isInside ? pieceOffset + first : pieceOffset + begin;
    const wanted = isInside ? Math.min(this.#extentBytes, this.#layout.pieceBytes(piece) - first) : length;
    const known = this.#extents.get(key);
    // Of those across two extents, one that begins at the same place may have been shorter.
    if (known !== undefined && known.length >= wanted) {
      this.#extents.delete(key);
      this.#extents.set(key, known);
      return known;
    }
    return this.#load(key, offset, wanted);
  }

  #load(key: number, offset: number, length: number): Extent | undefined {
    if (!this.#trust.mayBlock && this.#loads.size >= POOLED_READS) return undefined;
    const extent: Extent = { key, offset, length, buffer: this.#takeBuffer(), state: 'loading' };
    this.#extents.set(key, extent);
    if (this.#trust.mayBlock) this.#loadNow(extent);
    else this.#startLoad(extent);
    return extent;
  }

  #loadNow(extent: Extent): void {
    const started = this.#now();
    const failure = this.#io.read(extent.offset, extent.buffer.subarray(0, extent.length));
    extent.state = failure === undefined ? 'ready' : errorOfFailure(this.#io.map, failure, 'read');
    this.#trust.noteBlockingRead(this.#now() - started);
  }

  #startLoad(extent: Extent): void {
    const load = this.#loadLater(extent).finally(() => {
      this.#loads.delete(load);
      if (!this.#isScheduled) this.#turn();
    });
    this.#loads.add(load);
  }

  async #loadLater(extent: Extent): Promise<void> {
    this.#trust.notePooledRead();
    try {
      await this.#io.readLater(extent.offset, extent.buffer.subarray(0, extent.length));
      extent.state = 'ready';
    } catch (error) {
      extent.state = storageErrorFrom(error, 'read', this.#pathAt(extent.offset));
    }
  }

  /** While the first answer is waited for, the pool may read for the next ones. */
  #readAhead(): void {
    for (const { block } of this.#queue.slice(0, READ_AHEAD_REQUESTS)) {
      if (this.#trust.mayBlock || this.#loads.size >= POOLED_READS) return;
      if (!this.#isStored(block.piece) || !this.#layout.isRange(block.piece, block.begin, block.length)) continue;
      this.#extentOf(block.piece, block.begin, block.length);
    }
  }

  /** The buffer of the extent used longest ago, or a new one. Extents on their way are few, and never taken. */
  #takeBuffer(): Uint8Array {
    if (this.#extents.size >= this.#maxExtents) {
      for (const extent of this.#extents.values()) {
        if (extent.state === 'loading') continue;
        this.#extents.delete(extent.key);
        return extent.buffer;
      }
    }
    return readBuffer(this.#extentBytes);
  }

  #pathAt(offset: number): string {
    const segment = this.#io.map.segments(offset, 1)[0];
    return segment === undefined ? '' : this.#io.map.file(segment.fileIndex).path;
  }
}

/** Requests looked through for what to read next: some extents of blocks. */
const READ_AHEAD_REQUESTS = 64;
