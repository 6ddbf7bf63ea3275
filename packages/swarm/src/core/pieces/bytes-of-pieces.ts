import type { Bitfield, PieceLayout } from '@p2p/wire';

/** Bytes of a set of pieces; the last one of the content may be short. */
export function bytesOfPieces({ pieceLength, pieceCount, totalBytes }: PieceLayout, pieces: Bitfield): number {
  const spareBytes = pieces.has(pieceCount - 1) ? pieceCount * pieceLength - totalBytes : 0;
  return pieces.count * pieceLength - spareBytes;
}
