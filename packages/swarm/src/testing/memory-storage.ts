import { Bitfield, sameBytes, sha1, type BlockRef, type Metainfo, type PieceIndex } from '@p2p/wire';

import type { Clock, CommitOutcome, ReadOutcome, Storage } from '../ports.js';

/** How a {@link MemoryStorage} behaves; times are milliseconds. */
export interface MemoryStorageOptions {
  /** The whole content: all pieces are there from the start. Taken over, not copied. */
  readonly content?: Uint8Array;
  /** Until a block is read. Default 0: at once, yet never before the call returns. */
  readonly readDelayMs?: number;
  /** Until a piece is verified and stored. Default 0. */
  readonly commitDelayMs?: number;
}

/** What goes wrong in a {@link MemoryStorage}; change it while the storage is in use. */
export interface StorageFaults {
  /** Pieces that are judged corrupt although they are right, so many times each. */
  readonly corruptCommits: Map<number, number>;
  /** The error code that every write gives, `disk-full` say. */
  commitError: string | undefined;
  /** The error code that every read gives. */
  readError: string | undefined;
  /** Of so many blocks that are read one is spoilt, the first of them: a peer that poisons others. 0 for none, 1 for all. */
  poisonsOneIn: number;
}

/** One torrent's content in memory, with faults to order. Answers come on the given clock, in the order of the calls. */
export class MemoryStorage implements Storage {
  readonly faults: StorageFaults = {
    corruptCommits: new Map(),
    commitError: undefined,
    readError: undefined,
    poisonsOneIn: 0,
  };
  readonly #clock: Clock;
  readonly #metainfo: Metainfo;
  readonly #options: MemoryStorageOptions;
  readonly #content: Uint8Array;
  readonly #have: Bitfield;
  #readCount = 0;
  /** Pieces that are being received. */
  readonly #assemblies = new Map<PieceIndex, Uint8Array>();

  constructor(metainfo: Metainfo, clock: Clock, options: MemoryStorageOptions = {}) {
    const { totalBytes, pieceCount } = metainfo.layout;
    this.#clock = clock;
    this.#metainfo = metainfo;
    this.#options = options;
    if (options.content !== undefined && options.content.length !== totalBytes) {
      throw new RangeError(`"content" expected ${totalBytes} bytes, got ${options.content.length}`);
    }
    this.#content = options.content ?? new Uint8Array(totalBytes);
    this.#have = options.content === undefined ? new Bitfield(pieceCount) : Bitfield.full(pieceCount);
  }

  /** The pieces that are stored; a copy. */
  have(): Bitfield {
    return this.#have.clone();
  }

  /** Everything that is stored, zeros where nothing is; a view. */
  get bytes(): Uint8Array {
    return this.#content;
  }

  /** Pieces begun and neither committed nor discarded. */
  get assemblyCount(): number {
    return this.#assemblies.size;
  }

  writeBlock(piece: PieceIndex, begin: number, data: Uint8Array): void {
    const assembly = this.#assemblies.get(piece) ?? new Uint8Array(this.#metainfo.layout.pieceBytes(piece));
    this.#assemblies.set(piece, assembly);
    assembly.set(data, begin);
  }

  commitPiece(piece: PieceIndex, done: (outcome: CommitOutcome) => void): void {
    const assembly = this.#assemblies.get(piece) ?? new Uint8Array(this.#metainfo.layout.pieceBytes(piece));
    this.#assemblies.delete(piece);
    this.#after(this.#options.commitDelayMs, () => done(this.#commit(piece, assembly)));
  }

  discardPiece(piece: PieceIndex): void {
    this.#assemblies.delete(piece);
  }

  readBlock(block: BlockRef, done: (outcome: ReadOutcome) => void): void {
    this.#after(this.#options.readDelayMs, () => done(this.#read(block)));
  }

  #commit(piece: PieceIndex, assembly: Uint8Array): CommitOutcome {
    if (this.faults.commitError !== undefined) return failed(this.faults.commitError, `cannot store piece ${piece}`);
    const corruptions = this.faults.corruptCommits.get(piece) ?? 0;
    if (corruptions > 0) {
      this.faults.corruptCommits.set(piece, corruptions - 1);
      return { kind: 'corrupt' };
    }
    const expected = this.#metainfo.pieceHashes.subarray(piece * SHA1_LENGTH, (piece + 1) * SHA1_LENGTH);
    if (!sameBytes(sha1(assembly), expected)) return { kind: 'corrupt' };
    this.#content.set(assembly, this.#metainfo.layout.pieceOffset(piece));
    this.#have.set(piece);
    return { kind: 'stored' };
  }

  #read(block: BlockRef): ReadOutcome {
    const { piece, begin, length } = block;
    if (this.faults.readError !== undefined) return failed(this.faults.readError, `cannot read piece ${piece}`);
    if (!this.#have.has(piece)) return failed('not-found', `piece ${piece} is not stored`);
    const start = this.#metainfo.layout.pieceOffset(piece) + begin;
    const data = this.#content.subarray(start, start + length);
    return { kind: 'read', data: this.#isNextPoisoned() ? poisoned(data) : data };
  }

  #isNextPoisoned(): boolean {
    const { poisonsOneIn } = this.faults;
    return poisonsOneIn > 0 && this.#readCount++ % poisonsOneIn === 0;
  }

  #after(delayMs = 0, act: () => void): void {
    this.#clock.schedule(this.#clock.now() + delayMs, act);
  }
}

const SHA1_LENGTH = 20;

function poisoned(data: Uint8Array): Uint8Array {
  return data.map((byte, index) => (index === 0 ? byte ^ 0xff : byte));
}

function failed(code: string, message: string): Extract<ReadOutcome, { kind: 'failed' }> {
  return { kind: 'failed', error: Object.assign(new Error(message), { code }) };
}
