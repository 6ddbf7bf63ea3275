const INITIAL_BYTES = 256;
const MAX_SPARE_BYTES = 16_384;
/** The buffer of a writer that is done, for the next one: to make one costs more than to write a short message. */
let spare: Uint8Array | undefined;

/** Collects bytes in a buffer that doubles, so that writing costs time linear in the output. */
export class ByteWriter {
  #buffer: Uint8Array;
  #length = 0;

  constructor() {
    this.#buffer = spare ?? new Uint8Array(INITIAL_BYTES);
    spare = undefined;
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#buffer[this.#length++] = value;
  }

  bytes(value: Uint8Array): void {
    this.#reserve(value.length);
    this.#buffer.set(value, this.#length);
    this.#length += value.length;
  }

  /** Writes one byte for each character; the caller has made sure that all are below 256. */
  latin1(text: string): void {
    this.#reserve(text.length);
    for (let index = 0; index < text.length; index++) this.#buffer[this.#length++] = text.charCodeAt(index);
  }

  /** A copy of what was written; the writer is empty afterwards. */
  toBytes(): Uint8Array {
    const bytes = this.#buffer.slice(0, this.#length);
    if (this.#buffer.length <= MAX_SPARE_BYTES) spare = this.#buffer;
    this.#buffer = NO_BYTES;
    this.#length = 0;
    return bytes;
  }

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#buffer.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#buffer.length * 2, INITIAL_BYTES));
    grown.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = grown;
  }
}

const NO_BYTES = new Uint8Array(0);
