import { Bitfield, sameBytes } from '@p2p/wire';
import type { BlockRef, Metainfo, PieceIndex } from '@p2p/wire';

import type { CommitOutcome, ContentSha1s, PieceStore, ReadOutcome } from './piece-store.js';
import { SHA1_BYTES, sha1, startSha1 } from './sha1.js';
import { StorageError } from './storage-error.js';

/** Where an {@link InlinePieceStore} leaves verified pieces. */
export interface PieceKeeper {
  /** A buffer to put a piece together in. */
  take(length: number): Uint8Array;
  /** Takes over a verified piece with its buffer. */
  keep(piece: PieceIndex, bytes: Uint8Array): void;
  /** Takes back a buffer that is not needed. */
  giveBack(bytes: Uint8Array): void;
  /** What reading the piece gives. */
  bytes(piece: PieceIndex): Uint8Array;
  /** Whether what it gives is what it was given. */
  readonly isFaithful: boolean;
}

/** A store without files: it hashes on the calling thread and answers at the end of the current event. */
export class InlinePieceStore implements PieceStore {
  readonly metainfo: Metainfo;
  readonly #keeper: PieceKeeper;
  readonly #have: Bitfield;
  readonly #assembling = new Map<PieceIndex, Uint8Array>();
  #isClosed = false;

  constructor(metainfo: Metainfo, keeper: PieceKeeper, have = new Bitfield(metainfo.layout.pieceCount)) {
    this.metainfo = metainfo;
    this.#keeper = keeper;
    this.#have = have;
  }

  writeBlock(piece: PieceIndex, begin: number, data: Uint8Array): void {
    if (this.#isClosed || this.#have.has(piece)) return;
    const length = this.metainfo.layout.pieceBytes(piece);
    if (begin < 0 || begin + data.length > length) {
      const expected = `a block inside piece ${piece} of ${length} bytes`;
      throw new RangeError(`"data" expected ${expected}, got ${data.length} bytes at ${begin}`);
    }
    let bytes = this.#assembling.get(piece);
    if (bytes === undefined) {
      bytes = this.#keeper.take(length);
      this.#assembling.set(piece, bytes);
    }
    bytes.set(data, begin);
  }

  commitPiece(piece: PieceIndex, done: (outcome: CommitOutcome) => void): void {
    const outcome = this.#commit(piece);
    queueMicrotask(() => done(outcome));
  }

  discardPiece(piece: PieceIndex): void {
    const bytes = this.#assembling.get(piece);
    this.#assembling.delete(piece);
    if (bytes !== undefined) this.#keeper.giveBack(bytes);
  }

  readBlock(block: BlockRef, done: (outcome: ReadOutcome) => void): void {
    queueMicrotask(() => done(this.#read(block)));
  }

  have(): Bitfield {
    return this.#have.clone();
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- misuse must reject, as with the other stores
  async verifyPiece(piece: PieceIndex): Promise<boolean> {
    this.#refuseIfClosed();
    return this.#check(piece);
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- see verifyPiece
  async verifyAll(): Promise<Bitfield> {
    this.#refuseIfClosed();
    for (const piece of this.metainfo.layout.pieces()) this.#check(piece);
    return this.have();
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- see verifyPiece
  async wholeSha1(): Promise<Uint8Array> {
    return this.#hash(0, this.metainfo.layout.totalBytes);
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- see verifyPiece
  async contentSha1s(): Promise<ContentSha1s> {
    const whole = this.#hash(0, this.metainfo.layout.totalBytes);
    return { whole, files: this.metainfo.files.map(({ offset, length }) => this.#hash(offset, length)) };
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- see verifyPiece
  async flush(): Promise<void> {
    this.#refuseIfClosed();
  }

  close(): Promise<void> {
    this.#isClosed = true;
    return Promise.resolve();
  }

  #commit(piece: PieceIndex): CommitOutcome {
    if (this.#isClosed) return { kind: 'failed', error: closed() };
    if (this.#have.has(piece)) return { kind: 'stored' };
    const bytes = this.#assembling.get(piece);
    this.#assembling.delete(piece);
    if (bytes === undefined) return { kind: 'corrupt' };
    if (!sameBytes(sha1(bytes), this.#expectedHash(piece))) {
      this.#keeper.giveBack(bytes);
      return { kind: 'corrupt' };
    }
    this.#keeper.keep(piece, bytes);
    this.#have.set(piece);
    return { kind: 'stored' };
  }

  #read({ piece, begin, length }: BlockRef): ReadOutcome {
    if (this.#isClosed) return { kind: 'failed', error: closed() };
    if (!this.#have.has(piece) || !this.metainfo.layout.isRange(piece, begin, length)) {
      const what = `${length} bytes at ${begin} of piece ${piece} are not stored`;
      return { kind: 'failed', error: new StorageError('missing-piece', what) };
    }
    return { kind: 'read', data: this.#keeper.bytes(piece).subarray(begin, begin + length) };
  }

  #check(piece: PieceIndex): boolean {
    if (!this.#keeper.isFaithful || !this.#have.has(piece)) return this.#have.has(piece);
    const isRight = sameBytes(sha1(this.#keeper.bytes(piece)), this.#expectedHash(piece));
    if (!isRight) this.#have.clear(piece);
    return isRight;
  }

  #hash(offset: number, length: number): Uint8Array {
    this.#refuseIfClosed();
    const { layout } = this.metainfo;
    if (!this.#have.isFull) {
      throw new StorageError('missing-piece', `only ${this.#have.count} of ${layout.pieceCount} pieces are stored`);
    }
    const running = startSha1();
    for (let at = offset; at < offset + length;) {
      const piece = layout.pieceIndex(Math.floor(at / layout.pieceLength));
      const begin = at - layout.pieceOffset(piece);
      const end = Math.min(layout.pieceBytes(piece), begin + offset + length - at);
      running.update(this.#keeper.bytes(piece).subarray(begin, end));
      at += end - begin;
    }
    return running.digest();
  }

  #expectedHash(piece: PieceIndex): Uint8Array {
    return this.metainfo.pieceHashes.subarray(piece * SHA1_BYTES, (piece + 1) * SHA1_BYTES);
  }

  #refuseIfClosed(): void {
    if (this.#isClosed) throw closed();
  }
}

function closed(): StorageError {
  return new StorageError('closed', 'the store is closed');
}
