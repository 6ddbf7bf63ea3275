/**
 * Bytes per second over the last seconds.
 *
 * The period is a ring of short slots, so that adding costs O(1) and allocates nothing but the ring. In the beginning the period is the
 * time since the first bytes: a fast peer is known as fast after a quarter of a second, not after four.
 */
export class RateMeter {
  readonly #slotMs: number;
  /** None until something is added: most meters of a large swarm never turn. */
  #slots: number[] = NO_SLOTS;
  /** Bytes in all slots together. */
  #sum = 0;
  /** Number of the newest slot, counted from time 0. */
  #newest = -Infinity;
  #startedAt = Infinity;
  #totalBytes = 0;

  /** @param periodMs how far back the meter looks */
  constructor(periodMs: number = DEFAULT_PERIOD_MS) {
    this.#slotMs = periodMs / SLOT_COUNT;
  }

  /** All bytes ever added. */
  get totalBytes(): number {
    return this.#totalBytes;
  }

  add(now: number, bytes: number): void {
    if (this.#slots === NO_SLOTS) this.#slots = new Array<number>(SLOT_COUNT).fill(0);
    this.#advance(now);
    const index = this.#newest % SLOT_COUNT;
    this.#slots[index] = (this.#slots[index] ?? 0) + bytes;
    this.#sum += bytes;
    this.#totalBytes += bytes;
    if (now < this.#startedAt) this.#startedAt = now;
  }

  bytesPerSecond(now: number): number {
    if (this.#startedAt === Infinity) return 0;
    this.#advance(now);
    if (this.#sum === 0) return 0;
    // The oldest slot still counts whole, the newest only as far as it has come.
    const coveredMs = now - (this.#newest - SLOT_COUNT + 1) * this.#slotMs;
    const elapsedMs = Math.min(coveredMs, now - this.#startedAt);
    return (this.#sum * 1_000) / Math.max(elapsedMs, this.#slotMs);
  }

  /** Empties the slots that time has passed over. */
  #advance(now: number): void {
    const slot = Math.floor(now / this.#slotMs);
    if (slot <= this.#newest) return;
    if (slot - this.#newest >= SLOT_COUNT) {
      this.#slots.fill(0);
      this.#sum = 0;
      this.#newest = slot;
      return;
    }
    while (this.#newest < slot) {
      this.#newest += 1;
      const index = this.#newest % SLOT_COUNT;
      this.#sum -= this.#slots[index] ?? 0;
      this.#slots[index] = 0;
    }
  }
}

const SLOT_COUNT = 16;
const NO_SLOTS: number[] = [];
/** Long enough to smooth over a window of requests, short enough to see a peer stop. */
const DEFAULT_PERIOD_MS = 4_000;
