import type { VirtualClock } from '@p2p/swarm/testing';

import type { ChunkFlow } from './chunk-links.js';
import { Convoy } from './convoy.js';
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
  #firstFlow: ChunkFlow | undefined;
  #lastFlow: ChunkFlow | undefined;
  #isBusy = false;
  /** When the link is free, to a fraction of a microsecond, so that rounding does not slow it down. */
  #freeAt = 0;
  /** What is being sent, a cargo or several small ones: the first and the last convoy of it. */
  #firstConvoy: Convoy | undefined;
  #lastConvoy: Convoy | undefined;

  constructor(clock: VirtualClock, bytesPerSecond: number) {
    this.#clock = clock;
    this.#bytesPerMicro = bytesPerSecond / 1e6;
  }

  /** The rate changes for what departs from now on. */
  slow(factor: number): void {
    this.#bytesPerMicro *= factor;
  }

  enqueue(flow: ChunkFlow): void {
    this.#queueUp(flow);
    if (this.#isBusy) return;
    // What is sent in one turn of the node leaves together: the link looks at it when the turn is over.
    this.#isBusy = true;
    this.#freeAt = Math.max(this.#freeAt, this.#clock.nowMicros);
    this.#clock.post(this.#clock.nowMicros, startNext, this);
  }

  startNext(): void {
    let bytes = 0;
    for (;;) {
      const flow = this.#firstFlow;
      if (flow === undefined) break;
      const cargo = flow.next;
      if (cargo === undefined) this.#leaveFront(flow);
      else if (bytes > 0 && bytes + cargo.bytes > GROUP_BYTES) break;
      else if (this.#isDue(flow, cargo)) {
        this.#depart(flow, cargo);
        bytes += cargo.bytes;
      }
    }
    this.#isBusy = this.#firstConvoy !== undefined;
    if (!this.#isBusy) return;
    this.#freeAt += bytes / this.#bytesPerMicro;
    this.#clock.post(Math.ceil(this.#freeAt), finish, this);
  }

  finish(): void {
    const first = this.#firstConvoy;
    this.#firstConvoy = undefined;
    this.#lastConvoy = undefined;
    for (let convoy = first; convoy !== undefined; convoy = convoy.next) convoy.depart(this.#clock);
    // What crosses is on its way before a node hears that it has left, and sends more.
    for (let convoy = first; convoy !== undefined; convoy = convoy.next) convoy.departed();
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
      this.#queueUp(flow);
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
    if (this.#lastConvoy?.latencyMicros === flow.latencyMicros) this.#lastConvoy.add(flow, cargo);
    else {
      const convoy = new Convoy(flow, cargo);
      if (this.#lastConvoy === undefined) this.#firstConvoy = convoy;
      else this.#lastConvoy.next = convoy;
      this.#lastConvoy = convoy;
    }
  }

  #queueUp(flow: ChunkFlow): void {
    flow.isQueued = true;
    flow.nextInQueue = undefined;
    if (this.#lastFlow === undefined) this.#firstFlow = flow;
    else this.#lastFlow.nextInQueue = flow;
    this.#lastFlow = flow;
  }

  #leaveFront(flow: ChunkFlow): void {
    flow.isAtTurn = false;
    flow.isQueued = false;
    this.#firstFlow = flow.nextInQueue;
    if (this.#firstFlow === undefined) this.#lastFlow = undefined;
    flow.nextInQueue = undefined;
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
