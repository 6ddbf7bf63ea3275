import { readUint32 } from './byte-order.js';
import { MAX_FRAME_BYTES, MAX_PIECE_COUNT, MAX_PIECE_FRAME_BYTES } from './constants.js';
import { decodeCheckedFrame, KEEP_ALIVE } from './decode-message.js';
import { checkFrameLength } from './frame-length.js';
import type { Message } from './message.js';
import { WireError } from './wire-error.js';

/** What a `FrameDecoder` accepts; the bounds by message type hold in any case (`constants.ts`). */
export interface FrameLimits {
  /** Longest frame of any kind in bytes, id and payload; 1 to `MAX_FRAME_BYTES`, which is the default. */
  readonly maxFrameBytes?: number;
  /** Pieces of the torrent, if known: a bitfield then has exactly one length. */
  readonly pieceCount?: number;
}

const PREFIX_BYTES = 4;
const HEADER_BYTES = PREFIX_BYTES + 1;
const SMALL_BUFFER_BYTES = 256;
const BLOCK_BUFFER_BYTES = PREFIX_BYTES + MAX_PIECE_FRAME_BYTES;
const NO_BYTES = new Uint8Array(0);

/**
 * Cuts a stream of bytes after the handshake into messages.
 *
 * A frame that lies whole in a chunk is decoded where it lies. One that is cut between chunks is copied once, into a buffer
 * that is used again. Length and type are checked when the fifth byte is here, before anything is kept.
 *
 * @example
 * const decoder = new FrameDecoder({ pieceCount: layout.pieceCount });
 * socket.on('data', (chunk) => {
 *   for (const message of decoder.push(chunk)) handle(message);
 * });
 */
export class FrameDecoder {
  readonly #maxFrameBytes: number;
  #pieceCount: number;
  /** The first `#held` bytes of the incomplete frame. */
  #buffer: Uint8Array = NO_BYTES;
  /** The other buffer: the frame completed last may still be in use in it when the next one begins. */
  #spare: Uint8Array = NO_BYTES;
  #held = 0;
  #failure: WireError | undefined;

  /** @throws {RangeError} if a limit is outside its bounds */
  constructor(limits: FrameLimits = {}) {
    const { maxFrameBytes = MAX_FRAME_BYTES, pieceCount } = limits;
    assertLimit('maxFrameBytes', maxFrameBytes, 1, MAX_FRAME_BYTES);
    if (pieceCount !== undefined) assertLimit('pieceCount', pieceCount, 0, MAX_PIECE_COUNT);
    this.#maxFrameBytes = maxFrameBytes;
    this.#pieceCount = pieceCount ?? -1;
  }

  /** Bytes kept of the one frame that is incomplete. */
  get bufferedBytes(): number {
    return this.#held;
  }

  /**
   * Tells the piece count once the metadata is known; bitfields completed from now on must fit it.
   *
   * @throws {RangeError} if it is not an integer from 0 to `MAX_PIECE_COUNT`
   */
  setPieceCount(pieceCount: number): void {
    assertLimit('pieceCount', pieceCount, 0, MAX_PIECE_COUNT);
    this.#pieceCount = pieceCount;
  }

  /**
   * Feeds bytes in arrival order and returns the messages they complete.
   *
   * Holds at most one incomplete frame. Returned payloads are views into `chunk` or into the decoder's buffer: copy them
   * before the next call if you keep them.
   *
   * @param chunk any number of bytes; a frame may end anywhere in it
   * @throws {WireError} `frame-too-long` if a prefix announces more than the message or any message may have, `bad-length`
   *   if the length does not fit the message; messages before it in the chunk are lost, and the decoder is dead: it throws
   *   the same error again
   * @see BEP 3, "peer messages": 4-byte big-endian length prefix
   */
  push(chunk: Uint8Array): Message[] {
    if (this.#failure !== undefined) throw this.#failure;
    try {
      return this.#decode(chunk);
    } catch (error) {
      if (error instanceof WireError) this.#failure = error;
      this.#buffer = this.#spare = NO_BYTES;
      this.#held = 0;
      throw error;
    }
  }

  #decode(chunk: Uint8Array): Message[] {
    const messages: Message[] = [];
    let offset = this.#held === 0 ? 0 : this.#resume(chunk, messages);
    while (offset < chunk.length) {
      const frameBytes = this.#frameBytesAt(chunk, offset, chunk.length - offset);
      const end = offset + frameBytes;
      if (frameBytes < 0 || end > chunk.length) {
        this.#hold(chunk, offset, frameBytes);
        break;
      }
      messages.push(messageAt(chunk, offset, frameBytes));
      offset = end;
    }
    return messages;
  }

  /** Bytes of the frame at `offset`, prefix included, or -1 if its header is not all here. Throws if it is not allowed. */
  #frameBytesAt(bytes: Uint8Array, offset: number, available: number): number {
    if (available < PREFIX_BYTES) return -1;
    const length = readUint32(bytes, offset);
    if (length === 0) return PREFIX_BYTES;
    if (length > this.#maxFrameBytes) {
      throw new WireError(
        'frame-too-long',
        `expected at most ${this.#maxFrameBytes} bytes, prefix announces ${length}`,
      );
    }
    if (available < HEADER_BYTES) return -1;
    checkFrameLength(bytes[offset + PREFIX_BYTES] ?? 0, length, this.#pieceCount);
    return PREFIX_BYTES + length;
  }

  /** Goes on with the frame in the buffer; returns how much of the chunk it took. */
  #resume(chunk: Uint8Array, messages: Message[]): number {
    let offset = 0;
    let frameBytes = this.#frameBytesAt(this.#buffer, 0, this.#held);
    while (frameBytes < 0 && offset < chunk.length) {
      this.#buffer[this.#held++] = chunk[offset++] ?? 0;
      frameBytes = this.#frameBytesAt(this.#buffer, 0, this.#held);
    }
    if (frameBytes < 0) return offset;
    this.#growBuffer(frameBytes);
    const taken = Math.min(frameBytes - this.#held, chunk.length - offset);
    this.#buffer.set(chunk.subarray(offset, offset + taken), this.#held);
    this.#held += taken;
    if (this.#held === frameBytes) {
      messages.push(messageAt(this.#buffer, 0, frameBytes));
      [this.#buffer, this.#spare] = [this.#spare, this.#buffer];
      this.#held = 0;
    }
    return offset + taken;
  }

  /** Keeps the rest of the chunk, the beginning of a frame of `frameBytes` (-1: not known yet). */
  #hold(chunk: Uint8Array, offset: number, frameBytes: number): void {
    this.#growBuffer(Math.max(frameBytes, HEADER_BYTES));
    this.#buffer.set(chunk.subarray(offset), 0);
    this.#held = chunk.length - offset;
  }

  /** Makes room for a frame that was checked. What was grown for a rare long frame is given back at the next one. */
  #growBuffer(frameBytes: number): void {
    const isOversized = this.#buffer.length > BLOCK_BUFFER_BYTES && frameBytes <= BLOCK_BUFFER_BYTES;
    if (this.#buffer.length >= frameBytes && !isOversized) return;
    const grown = new Uint8Array(bufferBytesFor(frameBytes));
    grown.set(this.#buffer.subarray(0, this.#held));
    this.#buffer = grown;
  }
}

function bufferBytesFor(frameBytes: number): number {
  if (frameBytes <= SMALL_BUFFER_BYTES) return SMALL_BUFFER_BYTES;
  return Math.max(frameBytes, BLOCK_BUFFER_BYTES);
}

function messageAt(bytes: Uint8Array, offset: number, frameBytes: number): Message {
  if (frameBytes === PREFIX_BYTES) return KEEP_ALIVE;
  return decodeCheckedFrame(bytes, offset + PREFIX_BYTES, frameBytes - PREFIX_BYTES);
}

function assertLimit(name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new RangeError(`${name}: expected an integer from ${least} to ${most}, got ${value}`);
}
