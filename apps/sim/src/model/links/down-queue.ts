import type { VirtualClock } from '@p2p/swarm/testing';

import type { Cargo } from './link-model.js';

/**
 * The receiving side of an access link: in the order of arrival, each cargo for its length over the rate.
 *
 * What a host receives was asked for by it, so its own request windows bound what waits here.
 */
export class DownQueue {
  readonly #clock: VirtualClock;
  #bytesPerMicro: number;
  /** What waits or is being received, in the order of arrival. */
  #waiting: Cargo[] = [];
  #head = 0;
  #freeAt = 0;

  constructor(clock: VirtualClock, bytesPerSecond: number) {
    this.#clock = clock;
    this.#bytesPerMicro = bytesPerSecond / 1e6;
  }

  /** The rate changes for what arrives from now on. */
  slow(factor: number): void {
    this.#bytesPerMicro *= factor;
  }

  /** Cargo is at the link. */
  begin(cargo: Cargo): void {
    const now = this.#clock.nowMicros;
    this.#freeAt = Math.max(this.#freeAt, now) + cargo.bytes / this.#bytesPerMicro;
    // Small messages into an idle link are there at once: their own few microseconds only delay what follows.
    if (this.#head === this.#waiting.length && cargo.bytes <= SMALL_BYTES) {
      cargo.arrived();
      return;
    }
    this.#waiting.push(cargo);
    this.#clock.post(Math.ceil(this.#freeAt), finish, this);
  }

  finish(): void {
    const cargo = this.#waiting[this.#head++];
    // A busy link is never empty, so what was received is cut off now and then.
    if (this.#head === this.#waiting.length || this.#head > MAX_RECEIVED) {
      this.#waiting.splice(0, this.#head);
      this.#head = 0;
    }
    cargo?.arrived();
  }
}

function finish(queue: DownQueue): void {
  queue.finish();
}

const SMALL_BYTES = 512;
const MAX_RECEIVED = 64;
