import type { VirtualClock } from '@p2p/swarm/testing';

import { CargoRow } from './cargo-row.js';
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
  readonly #waiting = new CargoRow();
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
    if (this.#waiting.first === undefined && cargo.bytes <= SMALL_BYTES) {
      cargo.arrived();
      return;
    }
    this.#waiting.push(cargo);
    this.#clock.post(Math.ceil(this.#freeAt), finish, this);
  }

  finish(): void {
    this.#waiting.shift()?.arrived();
  }
}

function finish(queue: DownQueue): void {
  queue.finish();
}

const SMALL_BYTES = 512;
