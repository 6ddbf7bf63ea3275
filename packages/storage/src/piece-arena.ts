/**
 * Buffers in shared memory in which pieces are put together, each as long as a piece.
 *
 * Memory is allocated in chunks when it is first needed and never given back; the slot that was freed last is taken
 * first, because the first touch of fresh memory costs more than the copy into it.
 */
export class PieceArena {
  readonly slotBytes: number;
  /** Slots there may ever be. */
  readonly slotCount: number;
  readonly #slotsPerChunk: number;
  readonly #free: number[] = [];
  readonly #slots: Buffer[] = [];
  readonly #onChunk: (memory: SharedArrayBuffer) => void;

  /**
   * @param slotBytes length of the longest piece
   * @param maxBytes bound of the memory; at least one slot is allowed even if it is longer
   * @param onChunk told of each chunk when it is allocated, in order
   */
  constructor(slotBytes: number, maxBytes: number, onChunk: (memory: SharedArrayBuffer) => void = ignore) {
    this.slotBytes = Math.max(slotBytes, 1);
    this.slotCount = Math.max(1, Math.floor(maxBytes / this.slotBytes));
    this.#slotsPerChunk = Math.min(this.slotCount, slotsPerChunk(this.slotBytes));
    this.#onChunk = onChunk;
  }

  /** A slot, with whatever it held before; undefined if all are taken. */
  take(): number | undefined {
    if (this.#free.length === 0) this.#grow();
    return this.#free.pop();
  }

  /** Gives a slot back. */
  release(slot: number): void {
    this.#free.push(slot);
  }

  /** The memory of a slot: a view. */
  bytes(slot: number): Uint8Array {
    return this.#slot(slot);
  }

  /**
   * Copies `data` to `begin` of a slot; it must fit.
   *
   * With `fill`, which copies as C does: `set` into shared memory goes word by word, so that another thread never sees half
   * a word, and took 0.3 of the 2.5 CPU seconds in which a GiB was received.
   */
  copy(slot: number, begin: number, data: Uint8Array): void {
    if (data.length > 0) this.#slot(slot).fill(data, begin, begin + data.length);
  }

  #slot(slot: number): Buffer {
    const bytes = this.#slots[slot];
    if (bytes === undefined) throw new RangeError(`"slot" expected 0 to ${this.#slots.length - 1}, got ${slot}`);
    return bytes;
  }

  #grow(): void {
    const count = Math.min(this.#slotsPerChunk, this.slotCount - this.#slots.length);
    if (count <= 0) return;
    const memory = new SharedArrayBuffer(count * this.slotBytes);
    const first = this.#slots.length;
    this.#slots.push(...cutChunk(memory, this.slotBytes));
    // In reverse, so that the lowest is taken first.
    for (let slot = this.#slots.length - 1; slot >= first; slot--) this.#free.push(slot);
    this.#onChunk(memory);
  }
}

/** The slots of one chunk: how the other thread finds the same ones. */
export function cutChunk(memory: SharedArrayBuffer, slotBytes: number): Buffer[] {
  const count = Math.floor(memory.byteLength / slotBytes);
  return Array.from({ length: count }, (_, index) => Buffer.from(memory, index * slotBytes, slotBytes));
}

function slotsPerChunk(slotBytes: number): number {
  return Math.min(MAX_SLOTS_PER_CHUNK, Math.max(1, Math.floor(ARENA_CHUNK_BYTES / slotBytes)));
}

function ignore(): void {}

/** Memory is asked for in so much at a time, or one slot if that is more. */
export const ARENA_CHUNK_BYTES = 1024 * 1024;

/** Nobody puts so many tiny pieces together at a time. */
const MAX_SLOTS_PER_CHUNK = 256;
