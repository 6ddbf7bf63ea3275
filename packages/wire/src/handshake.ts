import { HANDSHAKE_BYTES, PEER_ID_BYTES, SHA1_BYTES } from './constants.js';
import { WireError } from './wire-error.js';

/** What a peer says first. */
export interface Handshake {
  /** 20 bytes: which torrent. */
  readonly infoHash: Uint8Array;
  /** 20 bytes: who is speaking (BEP 20). */
  readonly peerId: Uint8Array;
  /** BEP 10: extended messages may be sent. */
  readonly supportsExtended: boolean;
  /** BEP 6: have all, have none, suggest, reject, allowed fast. On only when both sides say so. */
  readonly supportsFast: boolean;
  /** BEP 5: the port message may be sent. */
  readonly supportsDht: boolean;
}

/** 19 and the 19 letters `BitTorrent protocol`. */
const PROTOCOL = Uint8Array.from([19, ...Array.from('BitTorrent protocol', (letter) => letter.charCodeAt(0))]);
const RESERVED_OFFSET = 20;
const INFO_HASH_OFFSET = 28;
const PEER_ID_OFFSET = 48;

/**
 * The 68 bytes that open a connection (a new array).
 *
 * @throws {RangeError} if `infoHash` or `peerId` is not 20 bytes long
 * @see BEP 3, "peer protocol"; BEP 5, 6, 10 for the reserved bits
 */
export function encodeHandshake(handshake: Handshake): Uint8Array {
  assertLength('infoHash', handshake.infoHash, SHA1_BYTES);
  assertLength('peerId', handshake.peerId, PEER_ID_BYTES);
  const bytes = new Uint8Array(HANDSHAKE_BYTES);
  bytes.set(PROTOCOL);
  bytes[RESERVED_OFFSET + 5] = handshake.supportsExtended ? 0x10 : 0;
  bytes[RESERVED_OFFSET + 7] = (handshake.supportsFast ? 0x04 : 0) | (handshake.supportsDht ? 0x01 : 0);
  bytes.set(handshake.infoHash, INFO_HASH_OFFSET);
  bytes.set(handshake.peerId, PEER_ID_OFFSET);
  return bytes;
}

/**
 * Decodes exactly 68 bytes. Reserved bits we do not know are ignored. The hash and the id are copies.
 *
 * @throws {WireError} `bad-handshake` if the length is another, or the protocol name is
 */
export function decodeHandshake(bytes: Uint8Array): Handshake {
  if (bytes.length !== HANDSHAKE_BYTES) {
    throw new WireError('bad-handshake', `expected ${HANDSHAKE_BYTES} bytes, found ${bytes.length}`);
  }
  checkProtocol(bytes, 0, PROTOCOL.length);
  const capabilities = bytes[RESERVED_OFFSET + 7] ?? 0;
  return {
    infoHash: Uint8Array.from(bytes.subarray(INFO_HASH_OFFSET, PEER_ID_OFFSET)),
    peerId: Uint8Array.from(bytes.subarray(PEER_ID_OFFSET)),
    supportsExtended: ((bytes[RESERVED_OFFSET + 5] ?? 0) & 0x10) !== 0,
    supportsFast: (capabilities & 0x04) !== 0,
    supportsDht: (capabilities & 0x01) !== 0,
  };
}

/** Collects the first 68 bytes of a connection from chunks cut anywhere. Fails at the first byte that cannot be right. */
export class HandshakeDecoder {
  readonly #bytes = new Uint8Array(HANDSHAKE_BYTES);
  #held = 0;
  #failure: WireError | undefined;

  /** The info-hash as soon as its 48 bytes are here (a copy): a listener may answer before the peer id arrives (BEP 3). */
  get infoHash(): Uint8Array | undefined {
    return this.#held < PEER_ID_OFFSET ? undefined : this.#bytes.slice(INFO_HASH_OFFSET, PEER_ID_OFFSET);
  }

  /**
   * Feeds bytes in arrival order. Returns nothing until the handshake is whole, then the handshake and the rest of the
   * chunk, a view, which belongs to a `FrameDecoder`.
   *
   * @throws {WireError} `bad-handshake` at the first wrong byte; the decoder is then dead and throws the same error again
   * @throws {TypeError} if the handshake was already returned
   */
  push(chunk: Uint8Array): { readonly handshake: Handshake; readonly rest: Uint8Array } | undefined {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#held === HANDSHAKE_BYTES) throw new TypeError('push: the handshake is complete; use a FrameDecoder');
    const taken = Math.min(chunk.length, HANDSHAKE_BYTES - this.#held);
    this.#bytes.set(chunk.subarray(0, taken), this.#held);
    try {
      checkProtocol(this.#bytes, this.#held, this.#held + taken);
    } catch (error) {
      if (error instanceof WireError) this.#failure = error;
      throw error;
    }
    this.#held += taken;
    if (this.#held < HANDSHAKE_BYTES) return undefined;
    return { handshake: decodeHandshake(this.#bytes), rest: chunk.subarray(taken) };
  }
}

/** Compares what has arrived between two offsets with the protocol's name. */
function checkProtocol(bytes: Uint8Array, from: number, to: number): void {
  for (let index = from; index < Math.min(to, PROTOCOL.length); index++) {
    if (bytes[index] === PROTOCOL[index]) continue;
    throw new WireError(
      'bad-handshake',
      `byte ${index}: expected ${PROTOCOL[index]} ("BitTorrent protocol"), found ${bytes[index]}; is this peer encrypted?`,
    );
  }
}

function assertLength(name: string, bytes: Uint8Array, expected: number): void {
  if (bytes.length !== expected) throw new RangeError(`${name}: expected ${expected} bytes, got ${bytes.length}`);
}
