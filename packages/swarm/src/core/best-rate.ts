import { RateMeter } from './rate-meter.js';

/**
 * What a line carries, as far as it was seen: the best of the last ten to twenty seconds (as BBR takes it), since it carries less only
 * when less is asked for.
 */
export class BestRate {
  readonly #meter: RateMeter;
  readonly #knownAfterMs: number;
  #startedAt: number | undefined;
  #best = 0;
  #bestBefore = 0;
  #periodEndsAt = -Infinity;

  /**
   * @param meanMs over how long a rate is taken
   * @param knownAfterMs how long the first bytes tell nothing: what a system's own buffers swallow is no rate
   */
  constructor(meanMs: number, knownAfterMs: number) {
    this.#meter = new RateMeter(meanMs);
    this.#knownAfterMs = knownAfterMs;
  }

  /** So many bytes have passed. */
  add(now: number, bytes: number): void {
    this.#startedAt ??= now;
    this.#meter.add(now, bytes);
    if (now - this.#startedAt < this.#knownAfterMs) return;
    if (now >= this.#periodEndsAt) {
      this.#bestBefore = this.#best;
      this.#best = 0;
      this.#periodEndsAt = now + PERIOD_MS;
    }
    this.#best = Math.max(this.#best, this.#meter.bytesPerSecond(now));
  }

  /** Undefined until something is known. */
  get bytesPerSecond(): number | undefined {
    const rate = Math.max(this.#best, this.#bestBefore);
    return rate === 0 ? undefined : rate;
  }
}

const PERIOD_MS = 10_000;
