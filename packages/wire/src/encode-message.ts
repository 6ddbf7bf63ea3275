import { writeUint16, writeUint32 } from './byte-order.js';
import {
  BLOCK_BYTES,
  MAX_BITFIELD_FRAME_BYTES,
  MAX_EXTENDED_FRAME_BYTES,
  MESSAGE_IDS,
  PIECE_HEADER_BYTES,
} from './constants.js';
import { EXACT_FRAME_BYTES } from './frame-length.js';
import type { Message } from './message.js';

const PREFIX_BYTES = 4;
const HAVE_BYTES = PREFIX_BYTES + 5;
const REQUEST_BYTES = PREFIX_BYTES + 13;

/**
 * The bytes of a message with its length prefix, ready to send (a new array).
 *
 * @throws {RangeError} if a number does not fit its field or a payload is longer than a peer would accept
 * @throws {TypeError} for an `unknown` message, which is only ever received
 * @see BEP 3, "peer messages"
 */
export function encodeMessage(message: Message): Uint8Array {
  const bytes = new Uint8Array(messageBytes(message));
  encodeMessageInto(message, bytes, 0);
  return bytes;
}

/**
 * How many bytes the message takes on the wire, prefix included.
 *
 * @throws {TypeError} for an `unknown` message
 */
export function messageBytes(message: Message): number {
  if (message.type === 'request') return REQUEST_BYTES;
  if (message.type === 'have') return HAVE_BYTES;
  if (message.type === 'keepAlive') return PREFIX_BYTES;
  if (message.type === 'unknown') throw new TypeError('message: an unknown message is only received, never sent');
  const exact = EXACT_FRAME_BYTES[MESSAGE_IDS[message.type]] ?? 0;
  if (exact !== 0) return PREFIX_BYTES + exact;
  if ('data' in message) return PIECE_HEADER_BYTES + message.data.length;
  if ('bits' in message) return PREFIX_BYTES + 1 + message.bits.length;
  if ('payload' in message) return PREFIX_BYTES + 2 + message.payload.length;
  throw new TypeError(`message: expected a known type, got ${message.type}`);
}

/**
 * Writes a message with its prefix into `target` from `offset`, to gather many in one buffer. Returns the bytes written.
 *
 * @throws {RangeError} if it does not fit, a number does not fit its field, or a payload is too long
 * @throws {TypeError} for an `unknown` message
 */
export function encodeMessageInto(message: Message, target: Uint8Array, offset: number): number {
  // Nearly all that is sent besides blocks, so they go the short way.
  if (message.type === 'request') return encodeRequestInto(message, target, offset);
  if (message.type === 'have') return encodeHaveInto(message, target, offset);
  const total = messageBytes(message);
  assertRoom(target, offset, total);
  if (message.type === 'keepAlive' || message.type === 'unknown') {
    writeUint32(target, offset, 0);
    return total;
  }
  assertPayload(message);
  writeUint32(target, offset, total - PREFIX_BYTES);
  target[offset + PREFIX_BYTES] = MESSAGE_IDS[message.type];
  writePayload(message, target, offset + PREFIX_BYTES + 1);
  return total;
}

/**
 * Writes the 13 bytes that go before the data of a piece message, so that the data can be sent from where it lies. Returns 13.
 *
 * @param block where the data belongs, and how long it is: 1 to `BLOCK_BYTES`
 * @throws {RangeError} if the header does not fit, or a number is outside its field
 */
export function encodePieceHeaderInto(
  block: { readonly piece: number; readonly begin: number; readonly length: number },
  target: Uint8Array,
  offset: number,
): number {
  assertRoom(target, offset, PIECE_HEADER_BYTES);
  assertInteger('block.length', block.length, 1, BLOCK_BYTES);
  assertUint32('block.piece', block.piece);
  assertUint32('block.begin', block.begin);
  writeUint32(target, offset, PIECE_HEADER_BYTES - PREFIX_BYTES + block.length);
  target[offset + PREFIX_BYTES] = MESSAGE_IDS.piece;
  writeUint32(target, offset + 5, block.piece);
  writeUint32(target, offset + 9, block.begin);
  return PIECE_HEADER_BYTES;
}

function encodeHaveInto({ piece }: Extract<Message, { type: 'have' }>, target: Uint8Array, offset: number): number {
  assertRoom(target, offset, HAVE_BYTES);
  assertUint32('piece', piece);
  writeUint32(target, offset, HAVE_BYTES - PREFIX_BYTES);
  target[offset + PREFIX_BYTES] = MESSAGE_IDS.have;
  writeUint32(target, offset + 5, piece);
  return HAVE_BYTES;
}

function encodeRequestInto(
  { piece, begin, length }: Extract<Message, { type: 'request' }>,
  target: Uint8Array,
  offset: number,
): number {
  assertRoom(target, offset, REQUEST_BYTES);
  assertUint32('piece', piece);
  assertUint32('begin', begin);
  assertUint32('length', length);
  writeUint32(target, offset, REQUEST_BYTES - PREFIX_BYTES);
  target[offset + PREFIX_BYTES] = MESSAGE_IDS.request;
  writeUint32(target, offset + 5, piece);
  writeUint32(target, offset + 9, begin);
  writeUint32(target, offset + 13, length);
  return REQUEST_BYTES;
}

function writePayload(message: Message, target: Uint8Array, offset: number): void {
  if ('piece' in message) {
    assertUint32('piece', message.piece);
    writeUint32(target, offset, message.piece);
    if ('begin' in message) writeRange(message, target, offset + 4);
  } else if ('bits' in message) {
    target.set(message.bits, offset);
  } else if ('extensionId' in message) {
    assertInteger('extensionId', message.extensionId, 0, 0xff);
    target[offset] = message.extensionId;
    target.set(message.payload, offset + 1);
  } else if ('port' in message) {
    assertInteger('port', message.port, 0, 0xffff);
    writeUint16(target, offset, message.port);
  }
}

function writeRange(message: Extract<Message, { begin: number }>, target: Uint8Array, offset: number): void {
  assertUint32('begin', message.begin);
  writeUint32(target, offset, message.begin);
  if ('data' in message) {
    target.set(message.data, offset + 4);
  } else {
    assertUint32('length', message.length);
    writeUint32(target, offset + 4, message.length);
  }
}

/** What we send must be what we would accept. */
function assertPayload(message: Message): void {
  if ('data' in message) assertInteger('data.length', message.data.length, 1, BLOCK_BYTES);
  else if ('bits' in message) assertInteger('bits.length', message.bits.length, 0, MAX_BITFIELD_FRAME_BYTES - 1);
  else if ('payload' in message)
    assertInteger('payload.length', message.payload.length, 0, MAX_EXTENDED_FRAME_BYTES - 2);
}

/** These two are on the short way, so they are small enough to be compiled into it, and what they throw is made elsewhere. */
function assertRoom(target: Uint8Array, offset: number, needed: number): void {
  if (offset >>> 0 !== offset || offset + needed > target.length) throw noRoom(target, offset, needed);
}

function assertUint32(name: string, value: number): void {
  if (value >>> 0 !== value) throw outOfRange(name, value, 0, 0xffffffff);
}

function assertInteger(name: string, value: number, least: number, most: number): void {
  if (!Number.isInteger(value) || value < least || value > most) throw outOfRange(name, value, least, most);
}

function noRoom(target: Uint8Array, offset: number, needed: number): RangeError {
  const room = target.length - offset;
  return new RangeError(`target: expected ${needed} bytes of room from offset ${offset}, got ${room}`);
}

function outOfRange(name: string, value: number, least: number, most: number): RangeError {
  return new RangeError(`${name}: expected an integer from ${least} to ${most}, got ${value}`);
}
