import { sameBytes } from '@p2p/wire';

import { sha1 } from './sha1.js';

/**
 * Compares pieces with the hashes they should have.
 *
 * Holes read as zeros at several times the speed of hashing, and a file that was only begun is mostly holes: bytes that
 * are all zero are compared with zeros, not hashed.
 */
export class PieceCheck {
  readonly #hashesOfZeros = new Map<number, Uint8Array>();

  matches(bytes: Uint8Array, expected: Uint8Array): boolean {
    return sameBytes(isAllZero(bytes) ? this.#hashOfZeros(bytes.length) : sha1(bytes), expected);
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
