import { Bitfield } from '@p2p/wire';
import type { Metainfo, PieceIndex } from '@p2p/wire';

import { InlinePieceStore } from './inline-piece-store.js';
import type { PieceKeeper } from './inline-piece-store.js';
import type { PieceStore } from './piece-store.js';
import { rejectUnknownKeys } from './storage-options.js';

/** Choices for {@link createDiscardPieceStore}. */
export interface DiscardStoreOptions {
  /** Begin with all pieces, to serve zeros at once. Default: false. */
  readonly isComplete?: boolean;
}

/**
 * A store that verifies pieces, remembers which it had, and drops their bytes: for measuring all but the disk.
 *
 * Reading a stored piece gives zeros, `verifyPiece` and `verifyAll` say what was right when it came, and the hashes are
 * those of zeros.
 *
 * @throws {TypeError} if an option is unknown
 */
export function createDiscardPieceStore(metainfo: Metainfo, options: DiscardStoreOptions = {}): PieceStore {
  rejectUnknownKeys('createDiscardPieceStore', options, ['isComplete']);
  const { pieceCount } = metainfo.layout;
  const have = options.isComplete === true ? Bitfield.full(pieceCount) : new Bitfield(pieceCount);
  return new InlinePieceStore(metainfo, new DiscardKeeper(metainfo), have);
}

class DiscardKeeper implements PieceKeeper {
  readonly isFaithful = false;
  readonly #metainfo: Metainfo;
  /** As many as pieces were being put together at one time. */
  readonly #buffers: Uint8Array[] = [];
  #zeros: Uint8Array | undefined;

  constructor(metainfo: Metainfo) {
    this.#metainfo = metainfo;
  }

  take(length: number): Uint8Array {
    const buffer = this.#buffers.pop();
    return buffer?.length === length ? buffer : new Uint8Array(length);
  }

  keep(_piece: PieceIndex, bytes: Uint8Array): void {
    this.giveBack(bytes);
  }

  giveBack(bytes: Uint8Array): void {
    this.#buffers.push(bytes);
  }

  bytes(piece: PieceIndex): Uint8Array {
    const { layout } = this.#metainfo;
    this.#zeros ??= new Uint8Array(Math.min(layout.pieceLength, layout.totalBytes));
    return this.#zeros.subarray(0, layout.pieceBytes(piece));
  }
}
