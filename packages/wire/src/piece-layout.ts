import { BLOCK_BYTES, MAX_PIECE_BYTES, MAX_PIECE_COUNT } from './constants.js';

declare const brand: unique symbol;

/** The index of a piece that exists in a certain torrent. Minted by `PieceLayout` only. */
export type PieceIndex = number & { readonly [brand]: 'PieceIndex' };

/** A part of a piece: what is requested, sent, read and written as one. */
export interface BlockRef {
  readonly piece: PieceIndex;
  /** Offset inside the piece, in bytes. */
  readonly begin: number;
  /** Bytes; at most `BLOCK_BYTES` on the wire. */
  readonly length: number;
}

/**
 * The geometry of a torrent: how its bytes fall into pieces, and pieces into blocks. All of this arithmetic is here.
 *
 * All pieces are `pieceLength` long but the last, which ends with the content; all blocks are `BLOCK_BYTES` long but the last
 * of a piece. Empty content has no piece.
 *
 * @see BEP 3, "pieces"
 */
export class PieceLayout {
  /** Bytes of every piece but the last. */
  readonly pieceLength: number;
  /** Bytes of the whole content. */
  readonly totalBytes: number;
  readonly pieceCount: number;
  /** Blocks of all pieces together. */
  readonly blockCountTotal: number;

  /**
   * @throws {RangeError} if `pieceLength` is not an integer from 1 to `MAX_PIECE_BYTES`, `totalBytes` not a safe integer from 0,
   *   or the two give more than `MAX_PIECE_COUNT` pieces
   */
  constructor(pieceLength: number, totalBytes: number) {
    if (!Number.isInteger(pieceLength) || pieceLength < 1 || pieceLength > MAX_PIECE_BYTES) {
      throw new RangeError(`pieceLength: expected an integer from 1 to ${MAX_PIECE_BYTES}, got ${pieceLength}`);
    }
    if (!Number.isSafeInteger(totalBytes) || totalBytes < 0) {
      throw new RangeError(`totalBytes: expected a safe integer from 0, got ${totalBytes}`);
    }
    this.pieceLength = pieceLength;
    this.totalBytes = totalBytes;
    this.pieceCount = Math.ceil(totalBytes / pieceLength);
    if (this.pieceCount > MAX_PIECE_COUNT) {
      throw new RangeError(`pieceLength: expected at most ${MAX_PIECE_COUNT} pieces, got ${this.pieceCount}`);
    }
    const blocksPerPiece = Math.ceil(pieceLength / BLOCK_BYTES);
    const lastPieceBytes = totalBytes - Math.max(0, this.pieceCount - 1) * pieceLength;
    this.blockCountTotal = Math.max(0, this.pieceCount - 1) * blocksPerPiece + Math.ceil(lastPieceBytes / BLOCK_BYTES);
  }

  /** Whether `index` is a piece of this torrent. */
  hasPiece(index: number): index is PieceIndex {
    return Number.isInteger(index) && index >= 0 && index < this.pieceCount;
  }

  /**
   * The same number, known to be a piece of this torrent.
   *
   * @throws {RangeError} if it is not
   */
  pieceIndex(index: number): PieceIndex {
    if (this.hasPiece(index)) return index;
    throw new RangeError(`index: expected an integer from 0 to ${this.pieceCount - 1}, got ${index}`);
  }

  /** All pieces, ascending. */
  *pieces(): Generator<PieceIndex, void, undefined> {
    for (let index = 0; index < this.pieceCount; index++) yield this.pieceIndex(index);
  }

  /** Offset of a piece in the whole content, in bytes. */
  pieceOffset(piece: PieceIndex): number {
    return piece * this.pieceLength;
  }

  /** Bytes of a piece. */
  pieceBytes(piece: PieceIndex): number {
    return Math.min(this.pieceLength, this.totalBytes - piece * this.pieceLength);
  }

  /** Blocks of a piece. */
  blockCount(piece: PieceIndex): number {
    return Math.ceil(this.pieceBytes(piece) / BLOCK_BYTES);
  }

  /**
   * Bytes of a block of a piece.
   *
   * @throws {RangeError} if the piece has no such block
   */
  blockBytes(piece: PieceIndex, blockIndex: number): number {
    const count = this.blockCount(piece);
    if (!Number.isInteger(blockIndex) || blockIndex < 0 || blockIndex >= count) {
      throw new RangeError(`blockIndex: expected an integer from 0 to ${count - 1}, got ${blockIndex}`);
    }
    return Math.min(BLOCK_BYTES, this.pieceBytes(piece) - blockIndex * BLOCK_BYTES);
  }

  /** The block that the byte at `begin` of a piece is in. */
  blockIndex(begin: number): number {
    return Math.floor(begin / BLOCK_BYTES);
  }

  /** Whether the three numbers are exactly one block: what we ask for, and so the only thing a peer may send us. */
  isBlock(piece: number, begin: number, length: number): boolean {
    if (!this.hasPiece(piece) || begin < 0 || begin % BLOCK_BYTES !== 0) return false;
    return length > 0 && length === Math.min(BLOCK_BYTES, this.pieceBytes(piece) - begin);
  }

  /** Whether the three numbers are 1 to `BLOCK_BYTES` bytes inside a piece: what a peer may ask of us. */
  isRange(piece: number, begin: number, length: number): boolean {
    if (!this.hasPiece(piece) || begin < 0 || length < 1 || length > BLOCK_BYTES) return false;
    return begin + length <= this.pieceBytes(piece);
  }
}
