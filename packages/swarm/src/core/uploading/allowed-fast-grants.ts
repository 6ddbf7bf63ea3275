import { allowedFastSet, type BlockRef, type PieceLayout } from '@p2p/wire';

/**
 * The pieces that one choked peer may have of us all the same, so that a newcomer has something to trade (BEP 6).
 *
 * The set follows from the peer's address, so that reconnecting does not widen it. It exists for IPv4 only: the text knows
 * no rule for IPv6, and there one host owns 2^64 addresses.
 */
export class AllowedFastGrants {
  /** The pieces; empty for a peer that is not eligible. Only those that we have need be announced. */
  readonly pieces: readonly number[];
  readonly #layout: PieceLayout;
  /** None until something is asked for while choked, which few of a session's peers ever do. */
  #servingsLeft: Map<number, number> | undefined;

  /** @param host the peer's address as an IP literal */
  constructor(layout: PieceLayout, infoHash: Uint8Array, host: string) {
    // In a torrent of few pieces the set would be most of it, and choking would mean nothing.
    const count = layout.pieceCount < MIN_PIECE_COUNT ? 0 : ALLOWED_FAST_COUNT;
    this.#layout = layout;
    this.pieces = allowedFastSet({ infoHash, host, pieceCount: layout.pieceCount, count });
  }

  /**
   * Whether a block may be served to the peer while it is choked; if so, the serving is counted.
   *
   * @param peerPieceCount how many pieces the peer has: with more than a few it can trade, and the favour ends
   */
  admit(block: BlockRef, peerPieceCount: number): boolean {
    if (peerPieceCount > ALLOWED_FAST_COUNT || !this.pieces.includes(block.piece)) return false;
    this.#servingsLeft ??= new Map();
    const left = this.#servingsLeft.get(block.piece) ?? MAX_SERVINGS * this.#layout.blockCount(block.piece);
    if (left === 0) return false;
    this.#servingsLeft.set(block.piece, left - 1);
    return true;
  }
}

/** Pieces in a set (BEP 6 suggests 10, libtorrent sends 5). */
const ALLOWED_FAST_COUNT = 10;
/** Pieces a torrent must have for a set to be a small part of it. */
const MIN_PIECE_COUNT = 4 * ALLOWED_FAST_COUNT;
/** How often each block of a granted piece may be served to a choked peer, on average (libtorrent: 3). */
const MAX_SERVINGS = 3;
