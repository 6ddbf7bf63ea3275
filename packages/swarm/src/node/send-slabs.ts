/**
 * Memory for bytes on their way to a socket.
 *
 * Everything that is sent is copied, one part after the other, into large slabs shared by all connections; a slab is
 * used again when the last byte of it has left. So sending allocates nothing in the long run, parts that were sent one
 * after the other lie side by side and leave in one write, and two thousand quiet connections cost one slab, not two
 * thousand. First touches of fresh memory are dear: slabs are kept, up to a bound.
 */
export class SendSlabs {
  readonly #free: Slab[] = [];
  #current = newSlab();

  /**
   * Copies a part and appends where it lies to `segments`, extending the last of them if it can.
   *
   * The segments are the caller's until it gives them to `release`.
   */
  append(part: Uint8Array, segments: Segment[]): void {
    for (let done = 0; done < part.length;) {
      const slab = this.#withRoom();
      const length = Math.min(part.length - done, SLAB_BYTES - slab.filled);
      // Nearly always the whole part: no view of it is made then, which would cost as much as to copy a header.
      slab.bytes.set(length === part.length ? part : part.subarray(done, done + length), slab.filled);
      const last = segments.at(-1);
      if (last?.slab === slab && last.end === slab.filled) {
        last.end += length;
      } else {
        segments.push({ slab, start: slab.filled, end: slab.filled + length });
        slab.users += 1;
      }
      slab.filled += length;
      done += length;
    }
  }

  /** The bytes of these segments have left, or never will. */
  release(segments: readonly Segment[]): void {
    for (const { slab } of segments) {
      slab.users -= 1;
      if (slab.users > 0) continue;
      slab.filled = 0;
      if (slab !== this.#current && this.#free.length < MAX_FREE_SLABS) this.#free.push(slab);
    }
  }

  #withRoom(): Slab {
    if (this.#current.filled === SLAB_BYTES) this.#current = this.#free.pop() ?? newSlab();
    return this.#current;
  }
}

/** A run of bytes in a slab. */
export interface Segment {
  readonly slab: Slab;
  readonly start: number;
  end: number;
}

interface Slab {
  readonly bytes: Uint8Array;
  /** Bytes in use, from the start. */
  filled: number;
  /** Segments that point into it. */
  users: number;
}

function newSlab(): Slab {
  return { bytes: new Uint8Array(SLAB_BYTES), filled: 0, users: 0 };
}

const SLAB_BYTES = 256 * 1024;
/** 16 MiB kept for the next burst. */
const MAX_FREE_SLABS = 64;
