import type { Instant } from '../ports.js';

/** What a recorded event may carry. */
export type RecordedField = string | number | boolean;

/**
 * A fingerprint of everything that happened in a run: two runs are the same if, and for practical purposes only if,
 * their digests are.
 *
 * Two 32-bit FNV-1a lanes with different offsets, fed the same bytes, make 64 bits without big integers. It tells runs
 * apart; it does not withstand forgery, and need not.
 */
export class TraceHash {
  #low = 0x811c9dc5;
  #high = 0x050c5d1f;
  #count = 0;
  readonly #scratch = new DataView(new ArrayBuffer(8));

  /** Events so far. */
  get count(): number {
    return this.#count;
  }

  /** Adds an event: when, where, what, and its key fields. Text, numbers and their order all count. */
  add(at: Instant, node: RecordedField, kind: string, ...fields: readonly RecordedField[]): void {
    this.#count += 1;
    this.#number(at);
    this.#field(node);
    this.#text(kind);
    for (const field of fields) this.#field(field);
    this.#word(END_OF_EVENT);
  }

  /** As `add`, for four numbers: for events of which there are millions. */
  addNumbers(a: number, b: number, c: number, d: number): void {
    this.#count += 1;
    this.#number(a);
    this.#number(b);
    this.#number(c);
    this.#number(d);
    this.#word(END_OF_EVENT);
  }

  /** 16 hexadecimal digits. */
  digest(): string {
    return hex32(this.#high) + hex32(this.#low);
  }

  #field(field: RecordedField): void {
    if (typeof field === 'number') this.#number(field);
    else if (typeof field === 'string') this.#text(field);
    else this.#word(field ? 1 : 0);
  }

  #text(text: string): void {
    this.#word(text.length);
    for (let index = 0; index < text.length; index++) this.#word(text.charCodeAt(index));
  }

  #number(value: number): void {
    this.#scratch.setFloat64(0, value);
    this.#word(this.#scratch.getUint32(0));
    this.#word(this.#scratch.getUint32(4));
  }

  #word(word: number): void {
    this.#low = Math.imul(this.#low ^ word, 0x01000193);
    // Multiplication carries upwards only: without the shift the low bits would never see the high ones.
    this.#low ^= this.#low >>> 15;
    this.#high = Math.imul(this.#high ^ word, 0x01000193) ^ (this.#high >>> 13);
  }
}

/**
 * A trace that can be read: the hash, and the last events as lines.
 *
 * Bounded, so that it may stay on through a long run; the hash covers all events nevertheless.
 */
export class Recording {
  readonly hash = new TraceHash();
  readonly #maxLines: number;
  readonly #lines: string[] = [];

  constructor(maxLines = 10_000) {
    this.#maxLines = maxLines;
  }

  /** Adds an event to the hash and to the lines. */
  add(at: Instant, node: RecordedField, kind: string, ...fields: readonly RecordedField[]): void {
    this.hash.add(at, node, kind, ...fields);
    this.#lines.push([at.toFixed(3), node, kind, ...fields].join(' '));
    // Trimmed in batches: one shift an event would copy the whole list each time.
    if (this.#lines.length >= 2 * this.#maxLines) this.#lines.splice(0, this.#lines.length - this.#maxLines);
  }

  /** The last events, oldest first, one a line. */
  lines(): readonly string[] {
    return this.#lines.slice(-this.#maxLines);
  }
}

const END_OF_EVENT = 0xffff_ffff;

function hex32(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0');
}
