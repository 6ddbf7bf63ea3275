import {
  Bitfield,
  decodeBencode,
  decodeCatalog,
  decodeCompactPeers4,
  decodeExtendedHandshake,
  decodeGossip,
  decodeHandshake,
  decodeInfo,
  decodeLtDontHave,
  decodeMessage,
  decodeMetainfo,
  decodeOffer,
  decodeSoon,
  decodeUtMetadata,
  decodeUtPex,
  encodeMessage,
  FrameDecoder,
  type Message,
  parseMagnet,
  parsePeerAddress,
  WireError,
} from '../../src/index.js';
import type { VectorFiles } from '../vector-files.js';
import { FrameMaker } from './frame-maker.js';
import { Xorshift } from './xorshift.js';

export interface FuzzOptions {
  /** How many frames. */
  readonly count: number;
  readonly seed: number;
  readonly vectors: VectorFiles;
}

export interface FuzzReport {
  readonly frames: number;
  readonly bytes: number;
  /** How often each type of message was decoded. */
  readonly messages: Readonly<Record<string, number>>;
  /** How often each code of `WireError` was thrown. */
  readonly errors: Readonly<Record<string, number>>;
}

const PAYLOAD_DECODERS = [
  decodeExtendedHandshake,
  decodeUtMetadata,
  decodeUtPex,
  decodeLtDontHave,
  decodeCatalog,
  decodeGossip,
  decodeOffer,
  decodeSoon,
];
const latin1 = (bytes: Uint8Array): string => String.fromCharCode(...bytes);
const DOCUMENT_DECODERS: readonly ((bytes: Uint8Array) => unknown)[] = [
  decodeBencode,
  decodeInfo,
  decodeMetainfo,
  decodeHandshake,
  decodeCompactPeers4,
  decodeMessage,
  (bytes) => parseMagnet(latin1(bytes)),
  (bytes) => parsePeerAddress(latin1(bytes)),
];

/**
 * Feeds random frames, and what is in them, to every decoder. Whatever is thrown but a `WireError` comes out of here with the
 * seed and the number of the frame in its message.
 */
export function fuzz({ count, seed, vectors }: FuzzOptions): FuzzReport {
  const random = new Xorshift(seed);
  const maker = new FrameMaker(random, vectors);
  const tally = new Tally();
  let decoder = new FrameDecoder();
  let bytes = 0;
  for (let index = 0; index < count; index++) {
    const frame = maker.frame();
    bytes += frame.length;
    try {
      const isAlive = tally.attempt(() => {
        const cut = random.below(4) === 0 ? random.below(frame.length + 1) : 0;
        handle(decoder.push(frame.subarray(0, cut)), random, tally);
        handle(decoder.push(frame.subarray(cut)), random, tally);
      });
      // A frame that announced more than it brought would swallow thousands of others, so few decoders wait for the rest.
      const isStuck = decoder.bufferedBytes > 0 && random.below(4) > 0;
      if (!isAlive || isStuck)
        decoder = new FrameDecoder(random.below(2) === 0 ? {} : { pieceCount: random.below(400) });
      if (index % 16 === 0) tryDocument(random, maker, tally);
    } catch (error) {
      throw new Error(`seed ${seed}, frame ${index}: ${String(error)}`, { cause: error });
    }
  }
  return { frames: count, bytes, messages: tally.messages, errors: tally.errors };
}

/** What a session does with messages: it decodes what is inside, and must be able to send most of them on. */
function handle(messages: readonly Message[], random: Xorshift, tally: Tally): void {
  for (const message of messages) {
    tally.count(message);
    if (message.type === 'extended') {
      tally.attempt(() => random.pick(PAYLOAD_DECODERS)(message.payload));
    } else if (message.type === 'bitfield') {
      tally.attempt(() => Bitfield.fromWire(message.bits, random.below(400)));
    }
    if (message.type !== 'unknown') encodeMessage(message);
  }
}

function tryDocument(random: Xorshift, maker: FrameMaker, tally: Tally): void {
  const document = random.below(2) === 0 ? maker.tokens() : maker.mutated(random.pick(maker.documents));
  tally.attempt(() => random.pick(DOCUMENT_DECODERS)(document));
}

class Tally {
  readonly messages: Record<string, number> = {};
  readonly errors: Record<string, number> = {};

  count({ type }: Message): void {
    this.messages[type] = (this.messages[type] ?? 0) + 1;
  }

  /** Runs a decoder; false if it threw the one error that it may throw. */
  attempt(action: () => unknown): boolean {
    try {
      action();
      return true;
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.errors[error.code] = (this.errors[error.code] ?? 0) + 1;
      return false;
    }
  }
}
