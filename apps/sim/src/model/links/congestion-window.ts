import { mostInFlight, pathMicros, SEGMENT_BYTES, type LinkHost } from './link-model.js';

/**
 * What TCP lets be under way on one connection.
 *
 * It begins with ten segments and grows by what is acknowledged, that is, doubles in a round trip (slow start, RFC 6928),
 * up to `mostInFlight`. When that is more than the sender's uplink can have under way, nothing is held back any more,
 * and nothing is counted.
 */
export class CongestionWindow {
  readonly #rttMicros: number;
  readonly #mostBytes: number;
  #window = FIRST_SEGMENTS * SEGMENT_BYTES;
  #inFlightBytes = 0;
  /** What departed and is not acknowledged: times and sizes in turn. */
  #departures: number[] = [];
  #head = 0;
  #isFree: boolean;
  readonly #enoughBytes: number;

  constructor(from: LinkHost, to: LinkHost) {
    const { access } = from;
    this.#rttMicros = 2 * pathMicros(from, to);
    this.#mostBytes = mostInFlight(from, to);
    // A round trip of the uplink's rate, and what is just departing.
    this.#enoughBytes = (access.upBytesPerSecond * this.#rttMicros) / 1e6 + MARGIN_BYTES;
    this.#isFree = this.#rttMicros === 0 || this.#window >= this.#enoughBytes;
  }

  /** When so many bytes may depart: now or earlier, or a later time. At least one cargo may always be under way. */
  readyAt(bytes: number, nowMicros: number): number {
    if (this.#isFree) return nowMicros;
    this.#acknowledge(nowMicros);
    if (this.#inFlightBytes === 0 || this.#inFlightBytes + bytes <= this.#window) return nowMicros;
    let excess = this.#inFlightBytes + bytes - this.#window;
    for (let index = this.#head; index < this.#departures.length; index += 2) {
      const departed = this.#departures[index] ?? 0;
      const acknowledged = this.#departures[index + 1] ?? 0;
      // In slow start each acknowledged byte makes room for two.
      excess -= this.#window < this.#mostBytes ? 2 * acknowledged : acknowledged;
      if (excess <= 0 || index + 2 >= this.#departures.length) return departed + this.#rttMicros;
    }
    return nowMicros;
  }

  departed(bytes: number, nowMicros: number): void {
    if (this.#isFree) return;
    this.#departures.push(nowMicros, bytes);
    this.#inFlightBytes += bytes;
  }

  #acknowledge(nowMicros: number): void {
    while (this.#head < this.#departures.length) {
      if ((this.#departures[this.#head] ?? 0) + this.#rttMicros > nowMicros) break;
      const bytes = this.#departures[this.#head + 1] ?? 0;
      this.#head += 2;
      this.#inFlightBytes -= bytes;
      this.#window = Math.min(this.#mostBytes, this.#window + bytes);
    }
    if (this.#window >= this.#enoughBytes) {
      this.#isFree = true;
      this.#departures = [];
    } else if (this.#head > 64) {
      this.#departures.splice(0, this.#head);
      this.#head = 0;
    }
  }
}

const FIRST_SEGMENTS = 10;
/** Two batches. */
const MARGIN_BYTES = 32_800;
