/** Content in memory for the examples. A real node takes a `PieceStore` of `@p2p/storage`. */
import { Bitfield, decodeInfo, encodeInfo, sha1, type Metainfo } from '@p2p/wire';
import { createNodePorts } from '@p2p/swarm/node';
import { MemoryStorage } from '@p2p/swarm/testing';
import type { Storage } from '@p2p/swarm';

export interface ExampleContent {
  readonly metainfo: Metainfo;
  readonly storage: Storage;
  readonly have: Bitfield;
}

const PIECE_BYTES = 16_384;

/** A text as a torrent of which every piece is here. */
export function fullContent(text: string, clock = createNodePorts().clock): ExampleContent {
  const content = new TextEncoder().encode(text);
  const count = Math.ceil(content.length / PIECE_BYTES);
  const pieceHashes = new Uint8Array(20 * count);
  for (let piece = 0; piece < count; piece += 1) {
    pieceHashes.set(sha1(content.subarray(piece * PIECE_BYTES, (piece + 1) * PIECE_BYTES)), 20 * piece);
  }
  const fields = { name: 'hello.txt', pieceLength: PIECE_BYTES, pieceHashes, length: content.length };
  const metainfo = decodeInfo(encodeInfo(fields));
  return { metainfo, storage: new MemoryStorage(metainfo, clock, { content }), have: Bitfield.full(count) };
}

/** Room for a torrent of which nothing is here yet, and a way to read it when it is. */
export function emptyContent(
  metainfo: Metainfo,
  clock = createNodePorts().clock,
): { readonly content: ExampleContent; readonly text: () => string } {
  const storage = new MemoryStorage(metainfo, clock);
  const have = new Bitfield(metainfo.layout.pieceCount);
  return { content: { metainfo, storage, have }, text: () => new TextDecoder().decode(storage.bytes) };
}
