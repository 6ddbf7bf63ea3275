import { PeerNode, type Payload, type Swarm, type SwarmEvent } from '@p2p/swarm';
import type { SeededRandom, VirtualClock } from '@p2p/swarm/testing';
import { Bitfield, type PeerAddress } from '@p2p/wire';

import type { SimHost } from '../network/sim-host.js';
import type { SimNetwork } from '../network/sim-network.js';
import type { PayloadMode, SimStorage } from '../payload/payload-mode.js';
import type { RunTrace } from '../run-trace.js';
import type { Content } from './content.js';
import { HONEST, type Behaviour, type PeerPlan } from './peer-plan.js';

/** What a peer needs of its world. */
export interface PeerSurroundings<P extends Payload> {
  readonly clock: VirtualClock;
  readonly network: SimNetwork;
  readonly trace: RunTrace;
  readonly mode: PayloadMode<P>;
  readonly content: Content;
  /** The peer's own stream of chance. */
  readonly random: SeededRandom;
  readonly onEvent: (peer: SimPeer<P>, event: SwarmEvent) => void;
}

/** One node of a simulated swarm: the real `PeerNode` and `Swarm` on a simulated host. */
export class SimPeer<P extends Payload = Payload> {
  /** From 0, in the order of the scenario. */
  readonly index: number;
  readonly plan: PeerPlan;
  readonly behaviour: Behaviour;
  readonly address: PeerAddress;
  readonly host: SimHost;
  readonly node: PeerNode<P>;
  readonly swarm: Swarm<P>;
  readonly storage: SimStorage<P>;
  readonly startedAtSeconds: number;
  /** Pieces it has verified. */
  readonly have: Bitfield;
  /** Seconds of virtual time at which its last piece was verified. */
  completedAtSeconds: number | undefined;
  /** When it was killed or left. */
  endedAtSeconds: number | undefined;
  readonly #clock: VirtualClock;

  constructor(index: number, plan: PeerPlan, surroundings: PeerSurroundings<P>, known: readonly PeerAddress[]) {
    const { clock, network, trace, mode, content, random, onEvent } = surroundings;
    this.#clock = clock;
    this.index = index;
    this.plan = plan;
    this.behaviour = plan.behaviour ?? HONEST;
    this.address = addressOf(index);
    this.startedAtSeconds = clock.nowMicros / 1e6;
    this.host = network.addHost(this.address.host, plan.link);
    this.host.isHidden = this.behaviour.isHidden === true;
    const openLink = mode.openLink({ trace, rewrite: this.behaviour.rewrite });
    this.node = new PeerNode({ clock, random, transport: this.host, openLink }, this.behaviour.options);
    this.node.listen(this.address, () => undefined);
    const { pieceCount } = content.metainfo.layout;
    const isFull = plan.role === 'seeder';
    this.storage = mode.createStorage(content, clock, isFull);
    this.storage.faults.poisonsOneIn = this.behaviour.poisonsOneIn ?? 0;
    this.have = isFull ? Bitfield.full(pieceCount) : new Bitfield(pieceCount);
    this.swarm = this.node.addSwarm(
      {
        infoHash: content.metainfo.infoHash,
        content: { metainfo: content.metainfo, storage: this.storage, have: this.have.clone() },
        peers: known,
      },
      (event) => onEvent(this, event),
    );
  }

  get isAlive(): boolean {
    return this.endedAtSeconds === undefined;
  }

  get isHonest(): boolean {
    return this.behaviour.name === HONEST.name;
  }

  get isSeeder(): boolean {
    return this.plan.role === 'seeder';
  }

  /** It is killed: connections are reset, nothing is said. */
  kill(): void {
    if (!this.isAlive) return;
    this.endedAtSeconds = this.#clock.nowMicros / 1e6;
    this.host.crash();
    this.node.stop(() => undefined);
  }

  /** It leaves as a person's node does: it closes its connections. */
  leave(): void {
    if (!this.isAlive) return;
    this.endedAtSeconds = this.#clock.nowMicros / 1e6;
    this.node.stop(() => undefined);
  }
}

/** Scattered over 10.0.0.0/8, each peer in a network of its own as far as there are any; the same for the same number. */
export function addressOf(index: number): PeerAddress {
  // An odd factor: different numbers give different addresses.
  const scattered = (Math.imul(index + 1, 0x9e3779b1) >>> 8) & 0xff_ffff;
  return { host: `10.${scattered >>> 16}.${(scattered >>> 8) & 0xff}.${scattered & 0xff}`, port: PORT };
}

const PORT = 6881;
