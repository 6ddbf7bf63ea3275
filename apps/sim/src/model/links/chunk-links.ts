import type { VirtualClock } from '@p2p/swarm/testing';

import { CargoRow } from './cargo-row.js';
import { CongestionWindow } from './congestion-window.js';
import { DownQueue } from './down-queue.js';
import { pathMicros, type AccessLink, type Cargo, type Flow, type LinkHost, type LinkModel } from './link-model.js';
import { UpQueue } from './up-queue.js';

/** A host with a queue in front of each direction of its access link. */
export interface ChunkHost extends LinkHost {
  readonly up: UpQueue;
  readonly down: DownQueue;
}

/**
 * The model of the network that runs are made with: an access link each way a host, and a core that is never full.
 *
 * Cargo waits for its turn in the sender's up queue (deficit round robin over its connections), takes its length over the
 * rate, then the latency of the path, then the receiver's down queue. What packets do within a cargo is left out; loss, the
 * window and slow start bound what one connection has under way (`CongestionWindow`). O(1) for each cargo.
 */
export class ChunkLinks implements LinkModel<ChunkHost> {
  readonly #clock: VirtualClock;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  addHost(access: AccessLink): ChunkHost {
    return {
      access,
      up: new UpQueue(this.#clock, access.upBytesPerSecond),
      down: new DownQueue(this.#clock, access.downBytesPerSecond),
    };
  }

  slow({ up, down }: ChunkHost, factor: number): void {
    up.slow(factor);
    down.slow(factor);
  }

  openFlow(from: ChunkHost, to: ChunkHost): Flow {
    return new ChunkFlow(this.#clock, from, to);
  }
}

/** One direction of a connection, with what waits to depart on it. */
export class ChunkFlow implements Flow {
  readonly #clock: VirtualClock;
  readonly #up: UpQueue;
  readonly #down: DownQueue;
  /** From the uplink's far side to the receiver's access link. */
  readonly latencyMicros: number;
  readonly #window: CongestionWindow;
  readonly #waiting = new CargoRow();
  /** Bytes it may send in this turn. */
  deficit = 0;
  /** It is its turn, and the deficit was raised for it. */
  isAtTurn = false;
  /** It stands in the up queue. */
  isQueued = false;
  /** Who stands behind it there. */
  nextInQueue: ChunkFlow | undefined;
  #isWaitingForWindow = false;

  constructor(clock: VirtualClock, from: ChunkHost, to: ChunkHost) {
    this.#clock = clock;
    this.#up = from.up;
    this.#down = to.down;
    this.latencyMicros = pathMicros(from, to);
    this.#window = new CongestionWindow(from, to);
  }

  send(cargo: Cargo): void {
    this.#waiting.push(cargo);
    if (!this.isQueued && !this.#isWaitingForWindow) this.#up.enqueue(this);
  }

  close(): void {
    this.#waiting.clear();
  }

  /** What would depart next. */
  get next(): Cargo | undefined {
    return this.#waiting.first;
  }

  /** Whether TCP lets it depart; if not, the flow comes back to the queue by itself when it does. */
  mayDepart(cargo: Cargo): boolean {
    const now = this.#clock.nowMicros;
    const readyAt = this.#window.readyAt(cargo.bytes, now);
    if (readyAt <= now) return true;
    this.#isWaitingForWindow = true;
    this.#clock.post(readyAt, windowOpened, this);
    return false;
  }

  /** The first of what waits begins to depart. Its bytes are acknowledged as they come, so their round trip begins now. */
  take(cargo: Cargo): void {
    this.#waiting.shift();
    this.#window.departed(cargo.bytes, this.#clock.nowMicros);
  }

  /** The cargo is at the receiver's access link. */
  crossed(cargo: Cargo): void {
    this.#down.begin(cargo);
  }

  windowOpened(): void {
    this.#isWaitingForWindow = false;
    if (this.#waiting.first !== undefined && !this.isQueued) this.#up.enqueue(this);
  }
}

function windowOpened(flow: ChunkFlow): void {
  flow.windowOpened();
}
