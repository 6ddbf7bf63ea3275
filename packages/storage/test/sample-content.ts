import { PieceLayout, decodeInfo, encodeInfo } from '@p2p/wire';
import type { InfoFile, Metainfo, PieceIndex } from '@p2p/wire';

import type { CommitOutcome, PieceStore, ReadOutcome } from '../src/piece-store.js';
import { sha1 } from '../src/sha1.js';

/** A content and its metainfo, made from a few numbers. */
export interface SampleContent {
  readonly metainfo: Metainfo;
  /** All files one after the other, padding included. */
  readonly bytes: Uint8Array;
}

/** How a sample is made. */
export interface SampleShape {
  readonly pieceLength?: number;
  readonly name?: string;
  /** One file of so many bytes. */
  readonly length?: number;
  /** Or several files below a folder. */
  readonly files?: readonly InfoFile[];
  readonly seed?: number;
}

/** Makes a content of pseudo-random bytes; padding is zeros. The same shape gives the same bytes. */
export function sampleContent(shape: SampleShape): SampleContent {
  const { pieceLength = 32_768, name = 'sample.bin', length, files, seed = 1 } = shape;
  const totalBytes = length ?? (files ?? []).reduce((sum, file) => sum + file.length, 0);
  const bytes = pseudoRandomBytes(totalBytes, seed);
  let offset = 0;
  for (const file of files ?? []) {
    if (file.attributes?.includes('p') === true) bytes.fill(0, offset, offset + file.length);
    offset += file.length;
  }
  const content = files === undefined ? { length: totalBytes, sha1: sha1(bytes) } : { files };
  const infoBytes = encodeInfo({ name, pieceLength, pieceHashes: hashesOf(bytes, pieceLength), ...content });
  return { metainfo: decodeInfo(infoBytes), bytes };
}

/** Bytes that look random, never the same in two blocks. */
export function pseudoRandomBytes(length: number, seed: number): Uint8Array {
  const words = new Uint32Array(Math.ceil(length / 4));
  let state = (seed * 2_654_435_761 + 1) >>> 0;
  for (let index = 0; index < words.length; index++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    words[index] = state;
  }
  return new Uint8Array(words.buffer, 0, length);
}

function hashesOf(bytes: Uint8Array, pieceLength: number): Uint8Array {
  const { pieceCount } = new PieceLayout(pieceLength, bytes.length);
  const hashes = new Uint8Array(pieceCount * 20);
  for (let piece = 0; piece < pieceCount; piece++) {
    hashes.set(sha1(bytes.subarray(piece * pieceLength, (piece + 1) * pieceLength)), piece * 20);
  }
  return hashes;
}

/** The bytes of one piece: a view. */
export function pieceBytes({ metainfo, bytes }: SampleContent, piece: PieceIndex): Uint8Array {
  const begin = metainfo.layout.pieceOffset(piece);
  return bytes.subarray(begin, begin + metainfo.layout.pieceBytes(piece));
}

/** Writes all blocks of a piece. */
export function writePiece(store: PieceStore, piece: PieceIndex, bytes: Uint8Array): void {
  for (let begin = 0; begin < bytes.length; begin += 16_384) {
    store.writeBlock(piece, begin, bytes.subarray(begin, begin + 16_384));
  }
}

/** Commits a piece and waits for the outcome. */
export function commit(store: PieceStore, piece: PieceIndex): Promise<CommitOutcome> {
  return new Promise((resolve) => store.commitPiece(piece, resolve));
}

/** Writes and commits every piece of a content, or those named. */
export async function storeAll(store: PieceStore, sample: SampleContent, pieces?: Iterable<number>): Promise<void> {
  const { layout } = sample.metainfo;
  for (const index of pieces ?? layout.pieces()) {
    const piece = layout.pieceIndex(index);
    writePiece(store, piece, pieceBytes(sample, piece));
    const outcome = await commit(store, piece);
    if (outcome.kind !== 'stored') throw new Error(`piece ${piece}: ${outcome.kind}`, { cause: outcome });
  }
}

/** Reads a range of a piece, as a copy. */
export function read(store: PieceStore, piece: PieceIndex, begin: number, length: number): Promise<ReadOutcome> {
  return new Promise((resolve) => {
    store.readBlock({ piece, begin, length }, (outcome) => {
      resolve(outcome.kind === 'read' ? { kind: 'read', data: outcome.data.slice() } : outcome);
    });
  });
}

/** Reads a whole piece block by block. */
export async function readPiece(store: PieceStore, piece: PieceIndex): Promise<Uint8Array> {
  const { layout } = store.metainfo;
  const result = new Uint8Array(layout.pieceBytes(piece));
  for (let block = 0; block < layout.blockCount(piece); block++) {
    const outcome = await read(store, piece, block * 16_384, layout.blockBytes(piece, block));
    if (outcome.kind === 'failed') throw outcome.error;
    result.set(outcome.data, block * 16_384);
  }
  return result;
}
