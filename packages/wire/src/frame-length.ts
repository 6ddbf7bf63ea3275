import {
  MAX_BITFIELD_FRAME_BYTES,
  MAX_EXTENDED_FRAME_BYTES,
  MAX_PIECE_FRAME_BYTES,
  MAX_UNKNOWN_FRAME_BYTES,
  MESSAGE_IDS,
} from './constants.js';
import { WireError } from './wire-error.js';

/** Frame length (id and payload) of each message that has but one; 0 for the others. Indexed by id. */
export const EXACT_FRAME_BYTES = Uint8Array.from({ length: 256 }, () => 0);
for (const id of [0, 1, 2, 3, 14, 15]) EXACT_FRAME_BYTES[id] = 1;
for (const id of [4, 13, 17]) EXACT_FRAME_BYTES[id] = 5;
for (const id of [6, 8, 16]) EXACT_FRAME_BYTES[id] = 13;
EXACT_FRAME_BYTES[MESSAGE_IDS.port] = 3;

/**
 * Checks what a prefix announces against what the message may have, before a byte of the payload is kept.
 *
 * @param length of id and payload, at least 1
 * @param pieceCount of the torrent, or -1 while it is unknown
 * @throws {WireError} `bad-length` or `frame-too-long`
 */
export function checkFrameLength(id: number, length: number, pieceCount: number): void {
  const exact = EXACT_FRAME_BYTES[id] ?? 0;
  if (exact !== 0) {
    if (length !== exact) throw wrongLength(id, length, exact, exact);
    return;
  }
  if (id === MESSAGE_IDS.piece) {
    checkRange(id, length, 10, MAX_PIECE_FRAME_BYTES);
  } else if (id === MESSAGE_IDS.extended) {
    checkRange(id, length, 2, MAX_EXTENDED_FRAME_BYTES);
  } else if (id !== MESSAGE_IDS.bitfield) {
    checkRange(id, length, 1, MAX_UNKNOWN_FRAME_BYTES);
  } else if (pieceCount < 0) {
    checkRange(id, length, 1, MAX_BITFIELD_FRAME_BYTES);
  } else {
    const expected = 1 + Math.ceil(pieceCount / 8);
    if (length !== expected) throw wrongLength(id, length, expected, expected);
  }
}

function checkRange(id: number, length: number, least: number, most: number): void {
  if (length < least || length > most) throw wrongLength(id, length, least, most);
}

function wrongLength(id: number, length: number, least: number, most: number): WireError {
  const expected = least === most ? `exactly ${least}` : `${least} to ${most}`;
  const code = length > most && least !== most ? 'frame-too-long' : 'bad-length';
  return new WireError(code, `message ${id}: expected ${expected} bytes, prefix announces ${length}`);
}
