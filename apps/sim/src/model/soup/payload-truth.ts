import type { Payload } from '@p2p/swarm';
import { MemoryStorage } from '@p2p/swarm/testing';
import { BLOCK_BYTES } from '@p2p/wire';

import { blockReference, type BlockReference } from '../payload/block-reference.js';
import { BYTE_MODE } from '../payload/byte-mode.js';
import type { PayloadMode, SimStorage } from '../payload/payload-mode.js';
import { REFERENCE_MODE } from '../payload/reference-mode.js';
import type { Content } from '../world/content.js';

/** A payload mode, and how right and wrong blocks are told apart and made in it. */
export interface PayloadTruth<P extends Payload> {
  readonly mode: PayloadMode<P>;
  readonly block: (content: Content, at: BlockPlace & { readonly length: number }, isGenuine: boolean) => P;
  readonly spoil: (data: P) => P;
  readonly isGenuine: (content: Content, at: BlockPlace, data: P) => boolean;
  /** The store holds the whole original. */
  readonly isOriginal: (content: Content, storage: SimStorage<P>) => boolean;
}

export interface BlockPlace {
  readonly piece: number;
  readonly begin: number;
}

export const REFERENCE_TRUTH: PayloadTruth<BlockReference> = {
  mode: REFERENCE_MODE,
  block: (_content, { length }, isGenuine) => blockReference(length, !isGenuine),
  spoil: ({ length }) => blockReference(length, true),
  isGenuine: (_content, _at, { isTainted }) => !isTainted,
  isOriginal: (_content, storage) => storage.have().isFull,
};

export const BYTE_TRUTH: PayloadTruth<Uint8Array> = {
  mode: BYTE_MODE,
  block: (content, at, isGenuine) => {
    const right = original(content, at, at.length);
    return isGenuine ? right : spoilt(right);
  },
  spoil: spoilt,
  isGenuine: (content, at, data) => isSame(original(content, at, data.length), data),
  isOriginal: (content, storage) => storage instanceof MemoryStorage && isSame(storage.bytes, content.bytes()),
};

function original(content: Content, { piece, begin }: BlockPlace, length: number): Uint8Array {
  const start = piece * content.metainfo.layout.pieceLength + begin;
  return content.bytes().subarray(start, start + length);
}

function spoilt(data: Uint8Array): Uint8Array {
  return data.map((byte, index) => (index % BLOCK_BYTES === 0 ? byte ^ 0xff : byte));
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
