import type { Clock } from '../ports.js';

/**
 * One direction of a host's access to the network: carries so many bytes a second, one chunk after the other.
 *
 * Flows take turns, a chunk each, so that a connection with a full queue does not starve its neighbours.
 */
export class MemoryLink {
  readonly #clock: Clock;
  readonly #bytesPerMs: number;
  /** Flows that have something waiting, in the order of their turns. */
  readonly #flows = new Map<object, Chunk[]>();
  #isBusy = false;

  /** @param bytesPerSecond Infinity for a link that costs no time */
  constructor(clock: Clock, bytesPerSecond: number) {
    this.#clock = clock;
    this.#bytesPerMs = bytesPerSecond / 1_000;
  }

  /** Carries a chunk; `arrived` is called when its last byte is through, at once if the link costs no time. */
  carry(flow: object, bytes: number, arrived: () => void): void {
    if (this.#bytesPerMs === Infinity) {
      arrived();
      return;
    }
    const waiting = this.#flows.get(flow);
    if (waiting === undefined) this.#flows.set(flow, [{ bytes, arrived }]);
    else waiting.push({ bytes, arrived });
    if (!this.#isBusy) this.#next();
  }

  #next(): void {
    for (const [flow, waiting] of this.#flows) {
      // To the end of the line, with what is left.
      this.#flows.delete(flow);
      const chunk = waiting.shift();
      if (chunk === undefined) continue;
      if (waiting.length > 0) this.#flows.set(flow, waiting);
      this.#isBusy = true;
      this.#clock.schedule(this.#clock.now() + chunk.bytes / this.#bytesPerMs, () => {
        this.#isBusy = false;
        chunk.arrived();
        this.#next();
      });
      return;
    }
  }
}

interface Chunk {
  readonly bytes: number;
  readonly arrived: () => void;
}
