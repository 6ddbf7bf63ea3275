import type { Cancel, Clock, Instant } from '../ports.js';

/**
 * Time that moves only when it is told to, in jumps from one wake-up to the next.
 *
 * What is due at the same instant happens in the order in which it was scheduled, so a run is repeated exactly. The
 * wake-ups are a binary heap that knows where each of them lies: a cancelled one is gone at once, which matters because
 * nodes cancel far more wake-ups than they live to see.
 */
export class VirtualClock implements Clock {
  readonly #heap: WakeUp[] = [];
  #now: Instant;
  #sequence = 0;

  constructor(start: Instant = 0) {
    this.#now = start;
  }

  now(): Instant {
    return this.#now;
  }

  /** @throws {RangeError} if `at` is not a number */
  schedule(at: Instant, wake: () => void): Cancel {
    if (Number.isNaN(at)) throw new RangeError('"at" expected an instant in ms, got NaN');
    const wakeUp: WakeUp = { at: Math.max(at, this.#now), sequence: this.#sequence++, wake, place: this.#heap.length };
    this.#heap.push(wakeUp);
    this.#rise(wakeUp);
    return () => this.#remove(wakeUp);
  }

  /** Wake-ups that are still to come. */
  get pendingCount(): number {
    return this.#heap.length;
  }

  /** When the next wake-up is due. */
  get nextAt(): Instant | undefined {
    return this.#heap[0]?.at;
  }

  /** Moves to the next wake-up and lets it happen; false if there is none. */
  step(): boolean {
    const first = this.#heap[0];
    if (first === undefined) return false;
    this.#remove(first);
    this.#now = first.at;
    first.wake();
    return true;
  }

  /** Lets everything happen that is due at `until` or before, and stands at `until` afterwards. */
  runUntil(until: Instant): void {
    for (let next = this.#heap[0]; next !== undefined && next.at <= until; next = this.#heap[0]) this.step();
    this.#now = Math.max(this.#now, until);
  }

  /** As `runUntil`, from now. */
  runFor(durationMs: number): void {
    this.runUntil(this.#now + durationMs);
  }

  /**
   * Steps until the condition holds.
   *
   * @returns whether it does: false if nothing is left to happen, or at `limit`
   */
  runUntilTrue(condition: () => boolean, limit: Instant): boolean {
    while (!condition()) {
      const next = this.#heap[0];
      if (next === undefined || next.at > limit) return false;
      this.step();
    }
    return true;
  }

  #remove(wakeUp: WakeUp): void {
    const place = wakeUp.place;
    if (place === NOWHERE) return;
    wakeUp.place = NOWHERE;
    const last = this.#heap.pop();
    if (last === undefined || last === wakeUp) return;
    last.place = place;
    this.#heap[place] = last;
    this.#rise(last);
    this.#sink(last);
  }

  #rise(wakeUp: WakeUp): void {
    while (wakeUp.place > 0) {
      const parent = this.#heap[(wakeUp.place - 1) >> 1];
      if (parent === undefined || !isEarlier(wakeUp, parent)) return;
      this.#swap(wakeUp, parent);
    }
  }

  #sink(wakeUp: WakeUp): void {
    for (;;) {
      const left = this.#heap[wakeUp.place * 2 + 1];
      const right = this.#heap[wakeUp.place * 2 + 2];
      if (left === undefined) return;
      const child = right !== undefined && isEarlier(right, left) ? right : left;
      if (!isEarlier(child, wakeUp)) return;
      this.#swap(wakeUp, child);
    }
  }

  #swap(a: WakeUp, b: WakeUp): void {
    const place = a.place;
    a.place = b.place;
    b.place = place;
    this.#heap[a.place] = a;
    this.#heap[b.place] = b;
  }
}

interface WakeUp {
  readonly at: Instant;
  readonly sequence: number;
  readonly wake: () => void;
  /** Index in the heap. */
  place: number;
}

const NOWHERE = -1;

function isEarlier(a: WakeUp, b: WakeUp): boolean {
  return a.at < b.at || (a.at === b.at && a.sequence < b.sequence);
}
