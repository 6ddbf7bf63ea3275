import type { ContentIo, IoFailure } from './content-io.js';
import { READ_OFFSET_BYTES } from './read-buffer.js';

/**
 * Content that is read once and gone through by two threads at the same time, or by one.
 *
 * Chunks lie in a ring of slots in shared memory. Whoever comes to a chunk that nobody reads yet reads it; whoever comes to one
 * that the other is just reading reads the one after it meanwhile. So who is ahead has the reading to do, and both end
 * at the same time without anybody planning it.
 */
export class SharedReads {
  readonly #io: ContentIo;
  readonly #memory: SharedReadsMemory;
  readonly #reader: number;
  readonly #state: Int32Array;
  readonly #slots: Buffer;
  readonly #slotCount: number;
  readonly #chunkCount: number;

  /** @param reader which of the readers this one is, from 0; each goes through everything, once */
  constructor(io: ContentIo, memory: SharedReadsMemory, reader: number) {
    this.#io = io;
    this.#memory = memory;
    this.#reader = reader;
    this.#state = new Int32Array(memory.state);
    this.#slots = Buffer.from(memory.slots, READ_OFFSET_BYTES);
    this.#slotCount = Math.floor(this.#slots.length / memory.chunkBytes);
    this.#chunkCount = Math.ceil(io.map.totalBytes / memory.chunkBytes);
  }

  /** Yields all chunks in order, views that hold until the next is asked for, and undefined after each wait for the other reader. */
  *chunks(): Generator<Uint8Array | undefined, IoFailure | undefined, undefined> {
    for (let chunk = 0; chunk < this.#chunkCount; chunk++) {
      for (;;) {
        const seen = Atomics.load(this.#state, STATE.changes);
        if (Atomics.load(this.#state, STATE.hasFailed) === 1) return this.#failure();
        if (this.#isThere(chunk)) break;
        if (this.#readNext()) continue;
        Atomics.wait(this.#state, STATE.changes, seen, LONGEST_WAIT_MS);
        yield undefined;
      }
      yield this.#bytes(chunk);
      Atomics.store(this.#state, STATE.done + this.#reader, chunk + 1);
      this.#tell();
    }
    return undefined;
  }

  #isThere(chunk: number): boolean {
    return Atomics.load(this.#state, STATE.slots + (chunk % this.#slotCount)) === chunk + 1;
  }

  /** Reads the first chunk that nobody reads; false if there is none, or no slot for it. */
  #readNext(): boolean {
    const chunk = Atomics.load(this.#state, STATE.next);
    if (chunk >= this.#chunkCount || chunk >= this.#slowest() + this.#slotCount) return false;
    // The other one has just taken it: look again.
    if (Atomics.compareExchange(this.#state, STATE.next, chunk, chunk + 1) !== chunk) return true;
    const failure = this.#io.read(chunk * this.#memory.chunkBytes, this.#bytes(chunk));
    if (failure === undefined) Atomics.store(this.#state, STATE.slots + (chunk % this.#slotCount), chunk + 1);
    else this.#fail(failure);
    this.#tell();
    return true;
  }

  /** Chunks that all readers are done with. */
  #slowest(): number {
    let least = this.#chunkCount;
    for (let reader = 0; reader < this.#memory.readerCount; reader++) {
      least = Math.min(least, Atomics.load(this.#state, STATE.done + reader));
    }
    return least;
  }

  #bytes(chunk: number): Uint8Array {
    const { chunkBytes } = this.#memory;
    const begin = (chunk % this.#slotCount) * chunkBytes;
    return this.#slots.subarray(begin, begin + Math.min(chunkBytes, this.#io.map.totalBytes - chunk * chunkBytes));
  }

  #fail({ fileIndex, errno }: IoFailure): void {
    // Of two failures at once either will do, but not half of each.
    if (Atomics.compareExchange(this.#state, STATE.isFailing, 0, 1) !== 0) return;
    this.#state[STATE.fileIndex] = fileIndex;
    this.#state[STATE.errno] = errno;
    Atomics.store(this.#state, STATE.hasFailed, 1);
  }

  #failure(): IoFailure {
    return { fileIndex: this.#state[STATE.fileIndex] ?? 0, errno: this.#state[STATE.errno] ?? 0 };
  }

  #tell(): void {
    Atomics.add(this.#state, STATE.changes, 1);
    Atomics.notify(this.#state, STATE.changes);
  }
}

/** What the readers share. Can be posted. */
export interface SharedReadsMemory {
  readonly state: SharedArrayBuffer;
  readonly slots: SharedArrayBuffer;
  readonly chunkBytes: number;
  readonly readerCount: number;
}

/** Memory for content of `totalBytes`, gone through once. */
export function allocateSharedReads(totalBytes: number, readerCount: 1 | 2): SharedReadsMemory {
  const chunkBytes = Math.max(1, Math.min(CHUNK_BYTES, totalBytes));
  const slotCount = readerCount === 1 ? 1 : SLOT_COUNT;
  return {
    state: new SharedArrayBuffer((STATE.slots + slotCount) * Int32Array.BYTES_PER_ELEMENT),
    slots: new SharedArrayBuffer(READ_OFFSET_BYTES + slotCount * chunkBytes),
    chunkBytes,
    readerCount,
  };
}

/** Places of the integers that the readers share. */
const STATE = {
  /** Grows with everything that may end a wait. */
  changes: 0,
  /** The first chunk that nobody reads yet. */
  next: 1,
  isFailing: 2,
  hasFailed: 3,
  fileIndex: 4,
  errno: 5,
  /** For each reader the chunks that it is done with. */
  done: 6,
  /** For each slot the number of the chunk that lies in it, from 1. */
  slots: 8,
} as const;

/** Then the thread looks whether its work was cancelled: the other one may have ended and never tell. */
const LONGEST_WAIT_MS = 20;

/** A power of two, so that pieces up to this length lie in one chunk. From 64 KiB to 1 MiB it made no difference. */
const CHUNK_BYTES = 1024 * 1024;

/** So far may one reader be ahead of the other. */
const SLOT_COUNT = 8;
