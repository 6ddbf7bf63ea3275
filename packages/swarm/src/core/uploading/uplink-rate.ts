import { RateMeter } from '../rate-meter.js';

/**
 * What our uplink carries: the best that was seen in the last ten to twenty seconds (as BBR takes it), since it carries less only
 * when less is asked for.
 */
export class UplinkRate {
  readonly #meter = new RateMeter();
  #startedAt: number | undefined;
  #best = 0;
  #bestBefore = 0;
  #periodEndsAt = -Infinity;

  /** So many bytes have left. */
  add(now: number, bytes: number): void {
    this.#startedAt ??= now;
    this.#meter.add(now, bytes);
    // What a system's own buffers swallow at first is no rate.
    if (now - this.#startedAt < KNOWN_AFTER_MS) return;
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

const KNOWN_AFTER_MS = 2_000;
const PERIOD_MS = 10_000;
