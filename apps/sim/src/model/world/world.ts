import type { Payload, SwarmEvent } from '@p2p/swarm';
import { SeededRandom, VirtualClock } from '@p2p/swarm/testing';

import type { LinkModel } from '../links/link-model.js';
import { SimNetwork } from '../network/sim-network.js';
import type { PayloadMode } from '../payload/payload-mode.js';
import { RunTrace } from '../run-trace.js';
import { createContent, type Content, type ContentPlan } from './content.js';
import type { PeerPlan } from './peer-plan.js';
import { addressOf, SimPeer } from './sim-peer.js';

/** What a world is made of. */
export interface WorldSettings<P extends Payload> {
  readonly seed: number;
  readonly content: ContentPlan;
  readonly links: (clock: VirtualClock) => LinkModel;
  readonly mode: PayloadMode<P>;
}

/** Hears of what happens to peers. */
export type WorldListener<P extends Payload = Payload> = (peer: SimPeer<P>, event: SwarmEvent) => void;

/** A simulated swarm: its time, its network, its peers. Deterministic: the same settings give the same run. */
export class World<P extends Payload = Payload> {
  readonly clock = new VirtualClock();
  readonly trace = new RunTrace();
  /** Fork it by a label for whatever needs chance. */
  readonly random: SeededRandom;
  readonly network: SimNetwork;
  readonly content: Content;
  readonly peers: SimPeer<P>[] = [];
  readonly mode: PayloadMode<P>;
  readonly #listeners: WorldListener<P>[] = [];
  /** Events that happened so far. */
  eventCount = 0;

  constructor(settings: WorldSettings<P>) {
    this.random = new SeededRandom(settings.seed);
    this.content = createContent(settings.seed, settings.content);
    this.network = new SimNetwork(this.clock, settings.links(this.clock), this.trace);
    this.mode = settings.mode;
  }

  get nowSeconds(): number {
    return this.clock.nowMicros / 1e6;
  }

  onEvent(listener: WorldListener<P>): void {
    this.#listeners.push(listener);
  }

  /** Starts a peer now. Its number is the next one. */
  addPeer(plan: PeerPlan): SimPeer<P> {
    const index = this.peers.length;
    const known = (plan.knows ?? (index === 0 ? [] : [0])).map((number) => addressOf(number));
    const peer = new SimPeer<P>(
      index,
      plan,
      {
        clock: this.clock,
        network: this.network,
        trace: this.trace,
        mode: this.mode,
        content: this.content,
        random: this.random.fork(`peer/${String(index)}`),
        onEvent: (of, event) => this.#happened(of, event),
      },
      known,
    );
    this.peers.push(peer);
    return peer;
  }

  /** Lets `act` happen at a time to come. */
  at(seconds: number, act: () => void): void {
    this.clock.schedule(seconds * 1_000, act);
  }

  /** Runs to the next event; false if there is none. */
  step(): boolean {
    this.eventCount += 1;
    return this.clock.step();
  }

  #happened(peer: SimPeer<P>, event: SwarmEvent): void {
    if (event.kind === 'pieceStored') peer.have.set(event.piece);
    if (event.kind === 'complete') {
      peer.completedAtSeconds = this.nowSeconds;
      this.trace.noted(this.clock.nowMicros, peer.address.host, 'complete');
    }
    for (const listener of this.#listeners) listener(peer, event);
  }
}
