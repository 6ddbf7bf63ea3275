import { BLOCK_BYTES } from '@p2p/wire';

/**
 * One number for a place in the torrent, for use as a key in maps and sets.
 *
 * Whole numbers below 2^31 for blocks of the usual torrents, which engines hash fastest. A `begin` between two blocks gives
 * an exact fraction: a piece has at most 2^12 blocks of 2^14 bytes, a torrent 2^21 pieces, so 47 bits hold every key.
 */
export function blockKey(place: { readonly piece: number; readonly begin: number }): number {
  return place.piece * MAX_BLOCKS_PER_PIECE + place.begin / BLOCK_BYTES;
}

/** Blocks in the largest piece that `PieceLayout` admits, 64 MiB. */
const MAX_BLOCKS_PER_PIECE = 4_096;
