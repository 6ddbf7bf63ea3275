import { readUint16, readUint32, viewOf } from './byte-order.js';
import { MESSAGE_IDS } from './constants.js';
import { checkFrameLength } from './frame-length.js';
import type { Message } from './message.js';

/** Reads a payload of `length` bytes that begins at `start`; its length has been checked. */
type PayloadReader = (bytes: Uint8Array, start: number, length: number) => Message;

/**
 * Decodes one whole frame, without its prefix: id and payload. No bytes stand for a keep-alive.
 *
 * Payloads in the message are views into `frame`. To decode a stream use `FrameDecoder`.
 *
 * @throws {WireError} `bad-length` or `frame-too-long` if the length does not fit the message
 * @see BEP 3, 5, 6, 10
 */
export function decodeMessage(frame: Uint8Array): Message {
  const id = frame[0];
  if (id === undefined) return KEEP_ALIVE;
  checkFrameLength(id, frame.length, -1);
  return decodeCheckedFrame(frame, 0, frame.length);
}

/** Decodes a frame whose length has been checked: `length` bytes (id and payload) from `start`. */
export function decodeCheckedFrame(bytes: Uint8Array, start: number, length: number): Message {
  const id = bytes[start] ?? 0;
  // Nearly all bytes come in pieces, so they are tried first.
  if (id === MESSAGE_IDS.piece) return readPiece(bytes, start + 1, length - 1);
  const read = READERS[id];
  if (read !== undefined) return read(bytes, start + 1, length - 1);
  return { type: 'unknown', id, payload: viewOf(bytes, start + 1, length - 1) };
}

/** Messages without a payload are always the same object. */
export const KEEP_ALIVE: Message = Object.freeze({ type: 'keepAlive' });
const CHOKE: Message = Object.freeze({ type: 'choke' });
const UNCHOKE: Message = Object.freeze({ type: 'unchoke' });
const INTERESTED: Message = Object.freeze({ type: 'interested' });
const NOT_INTERESTED: Message = Object.freeze({ type: 'notInterested' });
const HAVE_ALL: Message = Object.freeze({ type: 'haveAll' });
const HAVE_NONE: Message = Object.freeze({ type: 'haveNone' });

function readPiece(bytes: Uint8Array, start: number, length: number): Message {
  return {
    type: 'piece',
    piece: readUint32(bytes, start),
    begin: readUint32(bytes, start + 4),
    data: viewOf(bytes, start + 8, length - 8),
  };
}

function readRange(type: 'request' | 'cancel' | 'reject'): PayloadReader {
  return (bytes, start) => ({
    type,
    piece: readUint32(bytes, start),
    begin: readUint32(bytes, start + 4),
    length: readUint32(bytes, start + 8),
  });
}

function readIndex(type: 'have' | 'suggest' | 'allowedFast'): PayloadReader {
  return (bytes, start) => ({ type, piece: readUint32(bytes, start) });
}

function readExtended(bytes: Uint8Array, start: number, length: number): Message {
  return { type: 'extended', extensionId: bytes[start] ?? 0, payload: viewOf(bytes, start + 1, length - 1) };
}

/** Indexed by id; a hole is an id we do not know. */
const READERS: readonly (PayloadReader | undefined)[] = [
  () => CHOKE,
  () => UNCHOKE,
  () => INTERESTED,
  () => NOT_INTERESTED,
  readIndex('have'),
  (bytes, start, length) => ({ type: 'bitfield', bits: viewOf(bytes, start, length) }),
  readRange('request'),
  readPiece,
  readRange('cancel'),
  (bytes, start) => ({ type: 'port', port: readUint16(bytes, start) }),
  undefined,
  undefined,
  undefined,
  readIndex('suggest'),
  () => HAVE_ALL,
  () => HAVE_NONE,
  readRange('reject'),
  readIndex('allowedFast'),
  undefined,
  undefined,
  readExtended,
];
