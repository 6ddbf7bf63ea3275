/**
 * So many acts a second, with room for a burst: a token bucket that is told the time.
 *
 * The bucket is full at first. It never needs a timer: what has flowed in is computed when somebody asks.
 */
export class Allowance {
  readonly #perMs: number;
  readonly #burst: number;
  #level: number;
  #filledAt: number | undefined;

  constructor(limits: AllowanceLimits) {
    this.#perMs = limits.perSecond / 1_000;
    this.#burst = limits.burst;
    this.#level = limits.burst;
  }

  /** Takes one act; false if it exceeds the allowance, which then stays as it is. */
  take(now: number): boolean {
    this.#fill(now);
    if (this.#level < 1) return false;
    this.#level -= 1;
    return true;
  }

  /** Whether `take` would succeed. */
  allows(now: number): boolean {
    this.#fill(now);
    return this.#level >= 1;
  }

  /** The first time at which `take` succeeds again; `now` if it does already. */
  nextAt(now: number): number {
    this.#fill(now);
    // Rounded up to a whole millisecond: a wake-up a hair too early would find nothing and ask for another.
    return this.#level >= 1 ? now : Math.ceil(now + (1 - this.#level) / this.#perMs);
  }

  #fill(now: number): void {
    const elapsedMs = Math.max(0, now - (this.#filledAt ?? now));
    this.#filledAt = now;
    this.#level = Math.min(this.#burst, this.#level + elapsedMs * this.#perMs);
  }
}

/** How often, and how many at once. */
export interface AllowanceLimits {
  readonly perSecond: number;
  /** Acts that may come at once after a quiet time; at least 1. */
  readonly burst: number;
}
