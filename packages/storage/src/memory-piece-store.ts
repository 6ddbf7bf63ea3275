import { Bitfield, sameBytes } from '@p2p/wire';
import type { Metainfo, PieceIndex } from '@p2p/wire';

import { InlinePieceStore } from './inline-piece-store.js';
import type { PieceKeeper } from './inline-piece-store.js';
import type { PieceStore } from './piece-store.js';
import { SHA1_BYTES, sha1 } from './sha1.js';

/**
 * A store that keeps all pieces in memory: for tests, simulations, and contents that fit.
 *
 * @param content the whole content; it is kept, not copied, and verified now. Default: nothing is stored yet
 * @throws {RangeError} if `content` is not as long as the metainfo says
 */
export function createMemoryPieceStore(metainfo: Metainfo, content?: Uint8Array): PieceStore {
  const keeper = new MemoryKeeper();
  if (content === undefined) return new InlinePieceStore(metainfo, keeper);
  const { layout, pieceHashes } = metainfo;
  if (content.length !== layout.totalBytes) {
    throw new RangeError(`"content" expected ${layout.totalBytes} bytes, got ${content.length}`);
  }
  const have = new Bitfield(layout.pieceCount);
  for (const piece of layout.pieces()) {
    const begin = layout.pieceOffset(piece);
    const bytes = content.subarray(begin, begin + layout.pieceBytes(piece));
    if (!sameBytes(sha1(bytes), pieceHashes.subarray(piece * SHA1_BYTES, (piece + 1) * SHA1_BYTES))) continue;
    keeper.keep(piece, bytes);
    have.set(piece);
  }
  return new InlinePieceStore(metainfo, keeper, have);
}

class MemoryKeeper implements PieceKeeper {
  readonly isFaithful = true;
  readonly #pieces = new Map<PieceIndex, Uint8Array>();

  take(length: number): Uint8Array {
    return new Uint8Array(length);
  }

  keep(piece: PieceIndex, bytes: Uint8Array): void {
    this.#pieces.set(piece, bytes);
  }

  giveBack(): void {
    // The collector has it.
  }

  bytes(piece: PieceIndex): Uint8Array {
    return this.#pieces.get(piece) ?? new Uint8Array(0);
  }
}
