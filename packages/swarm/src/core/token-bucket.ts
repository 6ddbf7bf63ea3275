/**
 * A limit in bytes per second that admits bursts.
 *
 * The bucket is full at first. A transfer larger than the burst is admitted when the bucket is full, and leaves a debt: the
 * rate holds over time whatever the sizes. It needs no timer: what flowed in is computed when somebody asks.
 */
export class TokenBucket {
  readonly #bytesPerMs: number;
  readonly #burstBytes: number;
  #level: number;
  #filledAt = -Infinity;

  /**
   * @param bytesPerSecond above 0; Infinity for no limit
   * @param burstBytes what may pass at once after a quiet time; a twentieth of a second's worth if not given, and at least four
   *   blocks: a second's worth would let a small file pass as if there were no limit
   * @throws {RangeError} if one of them is not above 0
   */
  constructor(bytesPerSecond: number, burstBytes: number = Math.max(bytesPerSecond / 20, MIN_BURST_BYTES)) {
    if (!(bytesPerSecond > 0)) throw new RangeError(`bytesPerSecond: expected more than 0, got ${bytesPerSecond}`);
    if (!(burstBytes > 0)) throw new RangeError(`burstBytes: expected more than 0, got ${burstBytes}`);
    this.#bytesPerMs = bytesPerSecond / 1_000;
    this.#burstBytes = burstBytes;
    this.#level = burstBytes;
  }

  /** Takes the bytes; false if there is no room for them now, and nothing is taken. */
  take(now: number, bytes: number): boolean {
    if (this.#bytesPerMs === Infinity) return true;
    this.#fill(now);
    if (this.#level < Math.min(bytes, this.#burstBytes)) return false;
    this.#level -= bytes;
    return true;
  }

  /** Bytes that may pass now; Infinity without a limit. */
  available(now: number): number {
    if (this.#bytesPerMs === Infinity) return Infinity;
    this.#fill(now);
    return Math.max(0, this.#level);
  }

  /** The first time at which `take` would succeed; `now` if it does already. */
  readyAt(now: number, bytes: number): number {
    if (this.#bytesPerMs === Infinity) return now;
    this.#fill(now);
    const missing = Math.min(bytes, this.#burstBytes) - this.#level;
    if (missing <= 0) return now;
    // Rounded up to a whole millisecond: a wake-up a hair too early would find nothing and ask for another. Where less than a
    // rounding error is missing, `now` itself would be such a time.
    const at = Math.ceil(now + missing / this.#bytesPerMs);
    return at > now ? at : now + 1;
  }

  #fill(now: number): void {
    if (now <= this.#filledAt) return;
    const elapsedMs = this.#filledAt === -Infinity ? 0 : now - this.#filledAt;
    this.#filledAt = now;
    this.#level = Math.min(this.#burstBytes, this.#level + elapsedMs * this.#bytesPerMs);
  }
}

/** Below this, a limit would not let a peer's first piece of 64 KiB pass in one go. */
const MIN_BURST_BYTES = 65_536;
