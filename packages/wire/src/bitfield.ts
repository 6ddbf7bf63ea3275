import { MAX_PIECE_COUNT } from './constants.js';
import { WireError } from './wire-error.js';

/**
 * A set of piece indices below `size`, one bit each, most significant bit first as on the wire.
 *
 * The spare bits of the last byte are always 0, and `count` is always the number of bits set.
 *
 * @see BEP 3, message 5
 */
export class Bitfield {
  /** Number of pieces. */
  readonly size: number;
  readonly #bytes: Uint8Array;
  #count = 0;

  /**
   * An empty set.
   *
   * @throws {RangeError} if `size` is not an integer from 0 to `MAX_PIECE_COUNT`
   */
  constructor(size: number) {
    if (!Number.isInteger(size) || size < 0 || size > MAX_PIECE_COUNT) {
      throw new RangeError(`size: expected an integer from 0 to ${MAX_PIECE_COUNT}, got ${size}`);
    }
    this.size = size;
    this.#bytes = new Uint8Array(Math.ceil(size / 8));
  }

  /**
   * The set a peer sent; `bytes` is copied.
   *
   * @throws {WireError} `bad-bitfield` if the length does not fit `size`, or a spare bit is set
   */
  static fromWire(bytes: Uint8Array, size: number): Bitfield {
    const bitfield = new Bitfield(size);
    const expected = bitfield.#bytes.length;
    if (bytes.length !== expected) {
      throw new WireError('bad-bitfield', `expected ${expected} bytes for ${size} pieces, found ${bytes.length}`);
    }
    if (((bytes[expected - 1] ?? 0) & spareMask(size)) !== 0) {
      throw new WireError('bad-bitfield', `expected zeros after bit ${size}, found a spare bit set`);
    }
    bitfield.#bytes.set(bytes);
    bitfield.#count = countBits(bytes);
    return bitfield;
  }

  /**
   * The set of all pieces.
   *
   * @throws {RangeError} as the constructor
   */
  static full(size: number): Bitfield {
    const bitfield = new Bitfield(size);
    const bytes = bitfield.#bytes;
    bytes.fill(0xff);
    if (bytes.length > 0) bytes[bytes.length - 1] = 0xff & ~spareMask(size);
    bitfield.#count = size;
    return bitfield;
  }

  /** How many pieces are in the set. */
  get count(): number {
    return this.#count;
  }

  /** Whether every piece is in the set; also true when there is none. */
  get isFull(): boolean {
    return this.#count === this.size;
  }

  /** Whether no piece is in the set. */
  get isEmpty(): boolean {
    return this.#count === 0;
  }

  /** Whether `index` is in the set; false for what is no index of the torrent. */
  has(index: number): boolean {
    // The shifts would take 1.5 for 1. Asked of every piece and peer, so whole numbers are told apart by the cheapest way.
    const isWhole = (index | 0) === index;
    return isWhole && index < this.size && ((this.#bytes[index >>> 3] ?? 0) & (0x80 >>> (index & 7))) !== 0;
  }

  /**
   * Puts `index` in; true if it was not there.
   *
   * @throws {RangeError} if `index` is not below `size`
   */
  set(index: number): boolean {
    this.#assertIndex(index);
    if (this.has(index)) return false;
    this.#bytes[index >>> 3] = (this.#bytes[index >>> 3] ?? 0) | (0x80 >>> (index & 7));
    this.#count++;
    return true;
  }

  /**
   * Takes `index` out; true if it was there.
   *
   * @throws {RangeError} if `index` is not below `size`
   */
  clear(index: number): boolean {
    this.#assertIndex(index);
    if (!this.has(index)) return false;
    this.#bytes[index >>> 3] = (this.#bytes[index >>> 3] ?? 0) & ~(0x80 >>> (index & 7));
    this.#count--;
    return true;
  }

  /**
   * Whether this set has a piece that `other` lacks. Read it as "is this peer interesting to one who has `other`".
   *
   * @throws {RangeError} if the sizes differ
   */
  hasAnyMissingFrom(other: Bitfield): boolean {
    this.#assertSize(other);
    if (this.isEmpty || other.isFull) return false;
    const theirs = other.#bytes;
    return this.#bytes.some((byte, index) => (byte & ~(theirs[index] ?? 0)) !== 0);
  }

  /** The indices in the set, ascending. Do not change the set meanwhile. */
  *indices(): Generator<number, void, undefined> {
    for (let byteIndex = 0; byteIndex < this.#bytes.length; byteIndex++) {
      // Empty bytes are passed over whole: a leecher's set is mostly holes.
      for (let rest = this.#bytes[byteIndex] ?? 0; rest !== 0;) {
        const bit = Math.clz32(rest) - 24;
        yield byteIndex * 8 + bit;
        rest &= ~(0x80 >>> bit);
      }
    }
  }

  /** As `indices`, several times faster: for sets of millions of pieces. Do not change the set meanwhile. */
  forEach(visit: (index: number) => void): void {
    const bytes = this.#bytes;
    for (let byteIndex = 0; byteIndex < bytes.length; byteIndex++) {
      for (let rest = bytes[byteIndex] ?? 0; rest !== 0;) {
        const bit = Math.clz32(rest) - 24;
        visit(byteIndex * 8 + bit);
        rest &= ~(0x80 >>> bit);
      }
    }
  }

  /**
   * The least index from `start` on that is in both sets; undefined if there is none. Looks at eight pieces at a time.
   *
   * @throws {RangeError} if the sizes differ
   */
  firstCommonFrom(other: Bitfield, start: number): number | undefined {
    this.#assertSize(other);
    const bytes = this.#bytes;
    const theirs = other.#bytes;
    let byteIndex = start >>> 3;
    let rest = (bytes[byteIndex] ?? 0) & (theirs[byteIndex] ?? 0) & (0xff >>> (start & 7));
    while (rest === 0 && ++byteIndex < bytes.length) rest = (bytes[byteIndex] ?? 0) & (theirs[byteIndex] ?? 0);
    return rest === 0 ? undefined : byteIndex * 8 + Math.clz32(rest) - 24;
  }

  /**
   * How many pieces are in both sets.
   *
   * @throws {RangeError} if the sizes differ
   */
  countCommon(other: Bitfield): number {
    this.#assertSize(other);
    const theirs = other.#bytes;
    let count = 0;
    for (let index = 0; index < theirs.length; index++) {
      count += BITS_OF_BYTE[(this.#bytes[index] ?? 0) & (theirs[index] ?? 0)] ?? 0;
    }
    return count;
  }

  /** The bytes of the bitfield message; a copy. */
  toWire(): Uint8Array {
    return this.#bytes.slice();
  }

  /** An independent copy. */
  clone(): Bitfield {
    const copy = new Bitfield(this.size);
    copy.#bytes.set(this.#bytes);
    copy.#count = this.#count;
    return copy;
  }

  #assertSize(other: Bitfield): void {
    if (other.size !== this.size) throw new RangeError(`other: expected size ${this.size}, got ${other.size}`);
  }

  #assertIndex(index: number): void {
    if (Number.isInteger(index) && index >= 0 && index < this.size) return;
    throw new RangeError(`index: expected an integer from 0 to ${this.size - 1}, got ${index}`);
  }
}

/** The bits of the last byte that stand for no piece. */
function spareMask(size: number): number {
  return size % 8 === 0 ? 0 : 0xff >>> (size % 8);
}

function countBits(bytes: Uint8Array): number {
  let count = 0;
  for (const byte of bytes) count += BITS_OF_BYTE[byte] ?? 0;
  return count;
}

const BITS_OF_BYTE = Uint8Array.from({ length: 256 }, (_, byte) => {
  let count = 0;
  for (let rest = byte; rest !== 0; rest &= rest - 1) count++;
  return count;
});
