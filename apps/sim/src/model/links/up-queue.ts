import type { VirtualClock } from '@p2p/swarm/testing';

import type { ChunkFlow } from './chunk-links.js';
import { departTogether } from './convoy.js';
import type { Cargo } from './link-model.js';

/**
 * The sending side of an access link: one cargo after the other, connections in turn.
 *
 * Deficit round robin (Shreedhar and Varghese, 1995) with a quantum of one block, so that a connection with a full queue
 * does not starve its neighbours.
 */
export class UpQueue {
  readonly #clock: VirtualClock;
  #bytesPerMicro: number;
  /** Connections with something to send, in the order of their turns. */
  #flows: ChunkFlow[] = [];
  #head = 0;
  #isBusy = false;
  /** When the link is free, to a fraction of a microsecond, so that rounding does not slow it down. */
  #freeAt = 0;
  /** What is being sent: a cargo, or several small ones; and their connections. */
  #departing: Cargo[] = [];
  #departingFlows: ChunkFlow[] = [];

  constructor(clock: VirtualClock, bytesPerSecond: number) {
    this.#clock = clock;
    this.#bytesPerMicro = bytesPerSecond / 1e6;
  }

  /** The rate changes for what departs from now on. */
  slow(factor: number): void {
    this.#bytesPerMicro *= factor;
  }

  enqueue(flow: ChunkFlow): void {
    flow.isQueued = true;
    this.#flows.push(flow);
    if (this.#isBusy) return;
    // What is sent in one turn of the node leaves together: the link looks at it when the turn is over.
    this.#isBusy = true;
    this.#freeAt = Math.max(this.#freeAt, this.#clock.nowMicros);
    this.#clock.post(this.#clock.nowMicros, startNext, this);
  }

  startNext(): void {
    let bytes = 0;
    for (;;) {
      const flow = this.#flows[this.#head];
      if (flow === undefined) {
        this.#flows = [];
        this.#head = 0;
        break;
      }
      const cargo = flow.next;
      if (cargo === undefined) this.#leaveFront(flow);
      else if (bytes > 0 && bytes + cargo.bytes > GROUP_BYTES) break;
      else if (this.#isDue(flow, cargo)) {
        this.#depart(flow, cargo);
        bytes += cargo.bytes;
      }
    }
    this.#isBusy = this.#departing.length > 0;
    if (!this.#isBusy) return;
    this.#freeAt += bytes / this.#bytesPerMicro;
    this.#clock.post(Math.ceil(this.#freeAt), finish, this);
  }

  finish(): void {
    const [cargos, flows] = [this.#departing, this.#departingFlows];
    this.#departing = [];
    this.#departingFlows = [];
    departTogether(this.#clock, flows, cargos);
    this.startNext();
  }

  /** Whether the first flow in the row may send; if not, it goes to the end, or out of the row. */
  #isDue(flow: ChunkFlow, cargo: Cargo): boolean {
    if (!flow.isAtTurn) {
      flow.isAtTurn = true;
      flow.deficit += QUANTUM_BYTES;
    }
    if (cargo.bytes > flow.deficit) {
      this.#leaveFront(flow);
      flow.isQueued = true;
      this.#flows.push(flow);
      return false;
    }
    if (flow.mayDepart(cargo)) return true;
    this.#leaveFront(flow);
    return false;
  }

  #depart(flow: ChunkFlow, cargo: Cargo): void {
    flow.take(cargo);
    flow.deficit -= cargo.bytes;
    cargo.isSealed = true;
    if (flow.next === undefined) {
      flow.deficit = 0;
      this.#leaveFront(flow);
    }
    this.#departing.push(cargo);
    this.#departingFlows.push(flow);
  }

  #leaveFront(flow: ChunkFlow): void {
    flow.isAtTurn = false;
    flow.isQueued = false;
    this.#head += 1;
    if (this.#head < 64 || this.#head * 2 < this.#flows.length) return;
    this.#flows.splice(0, this.#head);
    this.#head = 0;
  }
}

function startNext(queue: UpQueue): void {
  queue.startNext();
}

function finish(queue: UpQueue): void {
  queue.finish();
}

/** One block and its header: a whole piece message fits into a turn. */
const QUANTUM_BYTES = 16_384 + 13;
/** Messages of a few bytes to many peers are sent by one event, as far as one packet's time goes. */
const GROUP_BYTES = 1_460;
