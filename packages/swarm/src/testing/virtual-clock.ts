import type { Cancel, Clock, Instant } from '../ports.js';
import { WakeUpQueue } from './wake-up-queue.js';

/**
 * Time that moves only when it is told to, in jumps from one wake-up to the next.
 *
 * It counts whole microseconds; the Clock port shows them as milliseconds. What is due at the same instant happens in the
 * order in which it was scheduled, so a run is repeated exactly.
 */
export class VirtualClock implements Clock {
  readonly #queue = new WakeUpQueue();
  #nowMicros: number;

  /** @param start milliseconds, rounded to a microsecond */
  constructor(start: Instant = 0) {
    this.#nowMicros = Math.round(start * MICROS_PER_MS);
  }

  now(): Instant {
    return this.#nowMicros / MICROS_PER_MS;
  }

  /** The same instant as `now()`: a whole number of microseconds. */
  get nowMicros(): number {
    return this.#nowMicros;
  }

  /** @throws {RangeError} if `at` is not a number */
  schedule(at: Instant, wake: () => void): Cancel {
    if (Number.isNaN(at)) throw new RangeError('"at" expected an instant in ms, got NaN');
    const ticket = this.#queue.push(Math.max(microsNotBefore(at), this.#nowMicros), callIt, wake);
    return () => this.#queue.remove(ticket);
  }

  /**
   * As `schedule`, for the simulator's own events, of which there are many: no closure, and no way to cancel.
   *
   * @param atMicros a whole number, not before now
   */
  post<T>(atMicros: number, act: (argument: T) => void, argument: T): void {
    this.#queue.push(atMicros > this.#nowMicros ? atMicros : this.#nowMicros, act, argument);
  }

  /** Wake-ups that are still to come. */
  get pendingCount(): number {
    return this.#queue.size;
  }

  /** When the next wake-up is due. */
  get nextAt(): Instant | undefined {
    const at = this.#queue.nextAt;
    return at === Infinity ? undefined : at / MICROS_PER_MS;
  }

  /** Moves to the next wake-up and lets it happen; false if there is none. */
  step(): boolean {
    if (this.#queue.size === 0) return false;
    this.#nowMicros = this.#queue.nextAt;
    this.#queue.takeFirst();
    return true;
  }

  /** Lets everything happen that is due at `until` or before, and stands at `until` afterwards. */
  runUntil(until: Instant): void {
    const untilMicros = microsNotBefore(until);
    while (this.#queue.nextAt <= untilMicros && this.step());
    this.#nowMicros = Math.max(this.#nowMicros, untilMicros);
  }

  /** As `runUntil`, from now. */
  runFor(durationMs: number): void {
    this.runUntil(this.now() + durationMs);
  }

  /**
   * Steps until the condition holds.
   *
   * @returns whether it does: false if nothing is left to happen, or at `limit`
   */
  runUntilTrue(condition: () => boolean, limit: Instant): boolean {
    const limitMicros = microsNotBefore(limit);
    while (!condition()) {
      if (this.#queue.nextAt > limitMicros || !this.step()) return false;
    }
    return true;
  }
}

function callIt(wake: () => void): void {
  wake();
}

/** The first whole microsecond that, shown in milliseconds, is not before `at`: nobody is woken to find it is too early. */
function microsNotBefore(at: Instant): number {
  const micros = Math.ceil(at * MICROS_PER_MS - ROUNDING_MICROS);
  return micros / MICROS_PER_MS < at ? micros + 1 : micros;
}

const MICROS_PER_MS = 1_000;
/** What arithmetic on milliseconds may add to a whole microsecond. */
const ROUNDING_MICROS = 0.001;
