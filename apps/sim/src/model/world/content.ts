import { createHash } from 'node:crypto';

import { SeededRandom } from '@p2p/swarm/testing';
import { decodeInfo, encodeInfo, type Metainfo } from '@p2p/wire';

/** What a simulated swarm shares. */
export interface Content {
  readonly metainfo: Metainfo;
  /** All of it. The same bytes for the same seed; made when first asked for, then shared: do not change them. */
  bytes(): Uint8Array;
}

/** Longer content exists only as references. */
export const MAX_REAL_BYTES = 64 * 2 ** 20;

/** Size and cut of the content. */
export interface ContentPlan {
  readonly pieces: number;
  readonly pieceBytes: number;
  /** Of the last piece, if it is shorter than the others. */
  readonly lastPieceBytes?: number;
}

/**
 * Makes content from a seed.
 *
 * Up to 64 MiB its hashes are those of its bytes, so that the torrent is the same whether bytes are carried or not. Longer
 * content exists only as references; its hashes are drawn, and nobody checks them.
 */
export function createContent(seed: number, plan: ContentPlan): Content {
  const { pieces, pieceBytes, lastPieceBytes = pieceBytes } = plan;
  const random = new SeededRandom(seed).fork('content');
  const length = (pieces - 1) * pieceBytes + lastPieceBytes;
  let made: Uint8Array | undefined;
  const bytes = (): Uint8Array => {
    if (length > MAX_REAL_BYTES) throw new RangeError(`content of ${length} bytes exists only as references`);
    made ??= randomBytes(random.fork('bytes'), length);
    return made;
  };
  const pieceHashes =
    length > MAX_REAL_BYTES ? randomBytes(random.fork('hashes'), 20 * pieces) : hashesOf(bytes(), pieceBytes);
  const metainfo = decodeInfo(encodeInfo({ name: 'content.bin', pieceLength: pieceBytes, pieceHashes, length }));
  return { metainfo, bytes };
}

function hashesOf(content: Uint8Array, pieceBytes: number): Uint8Array {
  const count = Math.ceil(content.length / pieceBytes);
  const hashes = new Uint8Array(20 * count);
  for (let piece = 0; piece < count; piece++) {
    const bytes = content.subarray(piece * pieceBytes, (piece + 1) * pieceBytes);
    hashes.set(createHash('sha1').update(bytes).digest(), 20 * piece);
  }
  return hashes;
}

function randomBytes(random: SeededRandom, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  const words = new DataView(bytes.buffer);
  for (let at = 0; at + 4 <= length; at += 4) words.setUint32(at, random.uint32());
  return bytes;
}
