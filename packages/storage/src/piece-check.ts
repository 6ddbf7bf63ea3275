import { sameBytes } from '@p2p/wire';

import { sha1 } from './sha1.js';

/** What lies in the place of a piece: nothing (no file, its end, or zeros), the piece, or something else. */
export const FOUND = { nothing: 0, right: 1, other: 2 } as const;

/**
 * Compares pieces with the hashes they should have.
 *
 * Holes read as zeros at several times the speed of hashing, and a file that was only begun is mostly holes: bytes that
 * are all zero are compared with zeros, not hashed.
 */
export class PieceCheck {
  readonly #hashesOfZeros = new Map<number, Uint8Array>();

  look(bytes: Uint8Array, expected: Uint8Array): (typeof FOUND)[keyof typeof FOUND] {
    const isHole = isAllZero(bytes);
    if (sameBytes(isHole ? this.#hashOfZeros(bytes.length) : sha1(bytes), expected)) return FOUND.right;
    return isHole ? FOUND.nothing : FOUND.other;
  }

  /** Two lengths occur in a content: that of its pieces and that of the last. */
  #hashOfZeros(length: number): Uint8Array {
    const known = this.#hashesOfZeros.get(length);
    if (known !== undefined) return known;
    const made = sha1(new Uint8Array(length));
    this.#hashesOfZeros.set(length, made);
    return made;
  }
}

function isAllZero(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0 || bytes[bytes.length - 1] !== 0) return false;
  for (let begin = 0; begin < bytes.length; begin += ZEROS.length) {
    const part = bytes.subarray(begin, begin + ZEROS.length);
    if (ZEROS.compare(part, 0, part.length, 0, part.length) !== 0) return false;
  }
  return true;
}

/** Never written. */
const ZEROS = Buffer.alloc(64 * 1024);
