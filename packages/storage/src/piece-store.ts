import type { Bitfield, BlockRef, Metainfo, PieceIndex } from '@p2p/wire';

import type { StorageError } from './storage-error.js';

/**
 * The bytes of one content at rest, piece by piece.
 *
 * A piece is, for the store, exactly one of: missing, being assembled (`writeBlock`), being committed (`commitPiece`),
 * or stored. Callbacks come exactly once and never before the call that they answer returns.
 */
export interface PieceStore {
  readonly metainfo: Metainfo;

  /**
   * Copies a received block into the buffer in which its piece is put together. `data` is only read during the call.
   *
   * Blocks of a piece that is stored, or being committed, are dropped.
   *
   * @throws {RangeError} if the block does not lie in the piece
   */
  writeBlock(piece: PieceIndex, begin: number, data: Uint8Array): void;

  /**
   * Verifies the piece that was put together and stores it if it is right. Its buffer is given back either way: after
   * any outcome but `stored`, the piece has to be fetched again.
   */
  commitPiece(piece: PieceIndex, done: (outcome: CommitOutcome) => void): void;

  /** Forgets the blocks of a piece that was being put together. */
  discardPiece(piece: PieceIndex): void;

  /**
   * Reads a part of a stored piece. The view is valid until `done` returns. Answers come in the order of the calls.
   * A piece that is not stored gives `missing-piece`.
   */
  readBlock(block: BlockRef, done: (outcome: ReadOutcome) => void): void;

  /** The pieces that are stored and verified: a copy. */
  have(): Bitfield;

  /** Reads a piece back and compares it with its hash. One that is wrong is no longer stored afterwards. */
  verifyPiece(piece: PieceIndex): Promise<boolean>;

  /** The same for all pieces, whether known to be stored or not. Returns those that are right: a copy. */
  verifyAll(options?: CheckOptions): Promise<Bitfield>;

  /**
   * The SHA-1 of the whole content, in the order of its files; for a single file the SHA-1 of the file.
   *
   * @throws {StorageError} `missing-piece` if not all of it is stored
   */
  wholeSha1(options?: CheckOptions): Promise<Uint8Array>;

  /**
   * The same and the SHA-1 of each file, by one reading.
   *
   * @throws {StorageError} `missing-piece` if not all of it is stored
   */
  contentSha1s(options?: CheckOptions): Promise<ContentSha1s>;

  /**
   * Returns when the pieces committed before are on the disk and known to be at the next start.
   *
   * @throws {StorageError} if the disk refuses
   */
  flush(): Promise<void>;

  /**
   * Waits for pieces being committed, flushes, and releases everything. Calling it again waits for the same.
   * What is asked of a closed store fails with `closed`.
   */
  close(): Promise<void>;
}

/** 20 bytes each. */
export interface ContentSha1s {
  /** Of all files one after the other. */
  readonly whole: Uint8Array;
  /** In the order of the metainfo. */
  readonly files: readonly Uint8Array[];
}

/** What became of a piece. */
export type CommitOutcome =
  | { readonly kind: 'stored' }
  /** Its hash is not the one in the metainfo. */
  | { readonly kind: 'corrupt' }
  | { readonly kind: 'failed'; readonly error: StorageError };

/** What became of a read. */
export type ReadOutcome =
  { readonly kind: 'read'; readonly data: Uint8Array } | { readonly kind: 'failed'; readonly error: StorageError };

/** How long work over all the content reports, and how it is ended. */
export interface CheckOptions {
  /** Called some times a second with the bytes gone through and the bytes in all. */
  readonly onProgress?: ((bytes: number, totalBytes: number) => void) | undefined;
  /** Ends the work: it then fails with `aborted`. */
  readonly signal?: AbortSignal | undefined;
}
