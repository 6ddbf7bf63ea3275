/**
 * A queue of fixed-size records of 32-bit integers in shared memory, from one thread to another.
 *
 * Exactly one thread pushes and exactly one pops; no lock is needed, for each of the two counters has one writer. Both
 * counters only grow and wrap at 2^32, which the power of two as capacity makes harmless.
 */
export class IntegerRing {
  /** Hand it to the other thread, which makes its own ring over it. */
  readonly memory: SharedArrayBuffer;
  readonly #words: Int32Array;
  readonly #width: number;
  readonly #capacity: number;

  /** @param width integers in a record */
  constructor(width: number, memory = new SharedArrayBuffer((COUNTERS + RING_CAPACITY * width) * 4)) {
    this.memory = memory;
    this.#words = new Int32Array(memory);
    this.#width = width;
    this.#capacity = RING_CAPACITY;
  }

  /** Copies the record in; false if the ring is full. */
  push(record: Int32Array): boolean {
    const tail = Atomics.load(this.#words, TAIL);
    if (((tail - Atomics.load(this.#words, HEAD)) | 0) >= this.#capacity) return false;
    this.#words.set(record, this.#position(tail));
    Atomics.store(this.#words, TAIL, (tail + 1) | 0);
    Atomics.notify(this.#words, TAIL);
    return true;
  }

  /** Copies the oldest record out; false if there is none. */
  pop(record: Int32Array): boolean {
    const head = Atomics.load(this.#words, HEAD);
    if (head === Atomics.load(this.#words, TAIL)) return false;
    const position = this.#position(head);
    record.set(this.#words.subarray(position, position + this.#width));
    Atomics.store(this.#words, HEAD, (head + 1) | 0);
    return true;
  }

  /** For the thread that pops: blocks until there is a record, or the time is over. */
  wait(milliseconds: number): void {
    const head = Atomics.load(this.#words, HEAD);
    Atomics.wait(this.#words, TAIL, head, milliseconds);
  }

  #position(counter: number): number {
    return COUNTERS + (counter & (this.#capacity - 1)) * this.#width;
  }
}

/** Records that a ring holds: more pieces than are ever under way at 64 KiB each. A power of two. */
export const RING_CAPACITY = 4096;

const HEAD = 0;
/** Apart from HEAD by a cache line, so that the two threads do not fight for one. */
const TAIL = 16;
const COUNTERS = 32;
