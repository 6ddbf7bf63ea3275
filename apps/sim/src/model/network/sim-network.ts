import type { VirtualClock } from '@p2p/swarm/testing';

import { pathMicros, type AccessLink, type LinkModel } from '../links/link-model.js';
import type { RunTrace } from '../run-trace.js';
import type { Batch } from './batch.js';
import type { SimConnection } from './sim-connection.js';
import { SimHost } from './sim-host.js';

/**
 * The simulated network: hosts with addresses of their own, and connections between them that keep order and lose nothing.
 *
 * When what moves is the link model's; who reaches whom is decided here.
 */
export class SimNetwork {
  readonly clock: VirtualClock;
  readonly links: LinkModel;
  /** As the real transport's. */
  readonly dialTimeoutMs = 15_000;
  readonly #trace: RunTrace;
  readonly #hosts = new Map<string, SimHost>();
  #lastConnectionId = 0;
  #isCut: ((from: string, to: string) => boolean) | undefined;
  /** What waits for a partition to heal, in the order of arrival. */
  #held: Held[] = [];

  constructor(clock: VirtualClock, links: LinkModel, trace: RunTrace) {
    this.clock = clock;
    this.links = links;
    this.#trace = trace;
  }

  /** A new host. One that crashed is replaced by a fresh one of the same address. */
  addHost(address: string, access: AccessLink): SimHost {
    const host = new SimHost(address, this, this.links.addHost(access));
    this.#hosts.set(address, host);
    return host;
  }

  find(address: string): SimHost | undefined {
    return this.#hosts.get(address);
  }

  nextConnectionId(): number {
    return ++this.#lastConnectionId;
  }

  /**
   * Parts the network: whatever goes from one host to the other is held back, as TCP would until it gives up, and dials run
   * into silence. Each direction by itself. A second cut replaces the first:
   * what it no longer holds back arrives.
   *
   * @param isCut asked with the addresses of two hosts
   */
  cut(isCut: (from: string, to: string) => boolean): void {
    this.#isCut = isCut;
    const held = this.#held;
    this.#held = [];
    for (const { from, to, arrived } of held) this.#pass(from, to, arrived);
  }

  /** Ends all cuts: what was held back arrives. */
  heal(): void {
    this.#isCut = undefined;
    const held = this.#held;
    this.#held = [];
    for (const { arrived } of held) arrived();
  }

  /** Lets something small cross, past all queues, in the latency of the path. */
  cross(from: SimHost, to: SimHost, arrived: () => void): void {
    this.clock.post(
      this.clock.nowMicros + pathMicros(from.link, to.link),
      (arrive: () => void) => this.#pass(from, to, arrive),
      arrived,
    );
  }

  /** A batch has crossed: it is handed over, unless its way is cut. */
  hand(from: SimConnection, to: SimConnection, batch: Batch): void {
    if (this.#isCut === undefined) to.receive(batch);
    else this.#pass(from.host, to.host, () => to.receive(batch));
  }

  /** A batch is taken by the node it was for. */
  delivered(to: SimConnection, batch: Batch): void {
    this.#trace.delivered(this.clock.nowMicros, to.id, batch.bytes, batch.itemCount);
  }

  #pass(from: SimHost, to: SimHost, arrived: () => void): void {
    if (this.#isCut?.(from.address, to.address) === true) this.#held.push({ from, to, arrived });
    else arrived();
  }
}

interface Held {
  readonly from: SimHost;
  readonly to: SimHost;
  readonly arrived: () => void;
}
