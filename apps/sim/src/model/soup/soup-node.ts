import {
  PeerNode,
  resolveSwarmOptions,
  type Clock,
  type OpenLink,
  type Payload,
  type Swarm,
  type SwarmEvent,
} from '@p2p/swarm';
import type { SeededRandom, VirtualClock } from '@p2p/swarm/testing';
import type { PeerAddress } from '@p2p/wire';

import type { NodeSnapshot, Observation } from '../checkers/observation.js';
import { FaultyDisk } from '../faults/faulty-disk.js';
import { withoutUnchokes } from '../faults/free-rider.js';
import { HostilePeer } from '../faults/hostile-peer.js';
import { createMisconduct } from '../faults/misconduct.js';
import { NodeGate } from '../faults/node-gate.js';
import type { SimHost } from '../network/sim-host.js';
import type { SimNetwork } from '../network/sim-network.js';
import type { SimStorage } from '../payload/payload-mode.js';
import type { RunTrace } from '../run-trace.js';
import type { Content } from '../world/content.js';
import { addressOf } from '../world/sim-peer.js';
import { observed, type LinkWatch } from './observed-link.js';
import type { PayloadTruth } from './payload-truth.js';
import type { NodePlan } from './soup-plan.js';

/** What the nodes of one soup have in common. */
export interface SoupSurroundings<P extends Payload> {
  readonly clock: VirtualClock;
  readonly random: SeededRandom;
  readonly network: SimNetwork;
  readonly trace: RunTrace;
  readonly content: Content;
  readonly truth: PayloadTruth<P>;
  readonly watch: LinkWatch<P>;
  readonly nodeCount: number;
  readonly planted: PlantedBug<P>;
}

/** Bugs that tests plant, to see that the checkers find them. */
export interface PlantedBug<P extends Payload> {
  /** Between a node and what watches its links: a node that misbehaves. */
  readonly node?: (open: OpenLink<P>, node: number) => OpenLink<P>;
  /** Beneath what watches: a network that does. */
  readonly network?: (open: OpenLink<P>, node: number) => OpenLink<P>;
  /** Disks whose journal is ahead of their data. */
  readonly journalsBeforeSync?: boolean;
  /** Disks that store pieces whatever their hash. */
  readonly skipsVerification?: boolean;
  /** Between a node and its clock. */
  readonly clock?: (clock: Clock) => Clock;
  /** Replaces what is observed. */
  readonly observation?: (observation: Observation) => Observation;
}

/** One machine of the soup: a host with a disk, on which a process runs, or several one after the other. */
export class SoupNode<P extends Payload> {
  readonly index: number;
  readonly plan: NodePlan;
  readonly address: PeerAddress;
  /** Our code on a disk that does not lie. */
  readonly isHonest: boolean;
  disk: FaultyDisk<P>;
  /** A crash lost blocks of a piece that was not whole. */
  lostPartialPiece = false;
  readonly #world: SoupSurroundings<P>;
  /** What the disk is made of. */
  #store: SimStorage<P> | undefined;
  #process: Process<P> | undefined;
  /** It was told to stop, and waits for its disk. */
  #leaving: Process<P> | undefined;
  #starts = 0;
  /** Addresses that it wrote down before it ended. */
  #remembered: readonly PeerAddress[] = [];

  constructor(index: number, plan: NodePlan, isHonest: boolean, world: SoupSurroundings<P>) {
    this.index = index;
    this.plan = plan;
    this.isHonest = isHonest;
    this.address = addressOf(index);
    this.#world = world;
    this.disk = this.#newDisk(plan.isSeeder);
  }

  get isRunning(): boolean {
    return this.#process !== undefined;
  }

  get isFrozen(): boolean {
    return this.#process?.gate.isFrozen === true;
  }

  get isComplete(): boolean {
    return this.disk.stored().length === this.#world.content.metainfo.layout.pieceCount;
  }

  get peerId(): Uint8Array | undefined {
    return this.#process?.node?.peerId;
  }

  get uploadedBytes(): number {
    return this.#process?.swarm?.status().uploadedBytes ?? 0;
  }

  /** Starts a process, if none runs. */
  start(): void {
    if (this.#process !== undefined) return;
    this.#endLeaving();
    this.#starts += 1;
    const { network, watch } = this.#world;
    const { upBytesPerSecond, downBytesPerSecond, latencyMs } = this.plan;
    const latencyMicros = latencyMs * 500;
    const host = network.addHost(this.address.host, {
      upBytesPerSecond,
      downBytesPerSecond,
      latencyMicros,
      loss: 0,
      windowBytes: WINDOW_BYTES,
    });
    host.isHidden = this.plan.isHidden;
    const process: Process<P> = { gate: new NodeGate(), host, node: undefined, swarm: undefined };
    this.#process = process;
    const { behaviour } = this.plan;
    watch.take(this.#started());
    if (behaviour === 'honest' || behaviour === 'freeRider') this.#startNode(process);
    else this.#startHostile(process, behaviour);
  }

  /** Gone at once. */
  kill(keepsState: boolean): void {
    const process = this.#process;
    if (process === undefined) return;
    this.lostPartialPiece = keepsState && this.disk.partialPieces > 0;
    this.#remembered = keepsState ? (process.swarm?.knownPeers() ?? []) : [];
    process.gate.kill();
    process.host.crash();
    this.#process = undefined;
    this.disk.crash();
    if (!keepsState) this.disk = this.#newDisk(false);
    this.#world.watch.take({ kind: 'killed', at: this.#now(), node: this.index });
  }

  /** Leaves in good order. */
  leave(): void {
    const process = this.#process;
    if (process?.node === undefined || process.gate.isFrozen) {
      this.kill(true);
      return;
    }
    this.#process = undefined;
    this.#leaving = process;
    this.#remembered = process.swarm?.knownPeers() ?? [];
    process.node.stop(() => {
      this.#world.clock.schedule(this.#now() + 1, () => {
        if (this.#leaving === process) this.#stopped(process);
      });
    });
  }

  freeze(): void {
    this.#process?.gate.freeze();
  }

  thaw(): void {
    this.#process?.gate.thaw();
  }

  /** All its connections break. */
  reset(): void {
    for (const connection of [...(this.#process?.host.connections ?? [])]) {
      const there = connection.remoteHost;
      connection.break('connection reset');
      for (const other of [...(there?.connections ?? [])]) {
        if (other.id === connection.id) other.break('connection reset');
      }
    }
  }

  /** Who is started again before it has come to its end was killed. */
  #endLeaving(): void {
    const process = this.#leaving;
    if (process === undefined) return;
    this.#leaving = undefined;
    process.gate.kill();
    process.host.crash();
    this.disk.crash();
    this.#world.watch.take({ kind: 'killed', at: this.#now(), node: this.index });
  }

  snapshot(): NodeSnapshot | undefined {
    const process = this.#process;
    if (process === undefined) return undefined;
    const { gate, host } = process;
    return { node: this.index, isPaused: gate.isFrozen, dialing: gate.dials, connections: host.connections.size };
  }

  #startNode(process: Process<P>): void {
    const { clock, random, content, planted } = this.#world;
    const { gate, host } = process;
    const gated = gate.clock(clock);
    const ports = {
      clock: planted.clock?.(gated) ?? gated,
      random: random.fork(`node/${this.index}/${this.#starts}`),
      transport: gate.transport(host),
      openLink: this.#openLink(gate),
    };
    const node = new PeerNode<P>(ports, this.#options());
    process.node = node;
    node.listen(this.address, () => undefined);
    const disk = this.disk;
    const storage = gate.storage(disk);
    const have = disk.resume();
    const { metainfo } = content;
    const knows = this.plan.knowsMetadata || !have.isEmpty;
    const swarm = node.addSwarm(
      {
        infoHash: metainfo.infoHash,
        ...(knows ? { content: { metainfo, storage, have } } : {}),
        peers: this.index === 0 ? [] : [addressOf(0)],
      },
      (event) => {
        this.#told(event);
        if (event.kind === 'metadata') swarm.attachStorage(event.metainfo, storage, disk.resume());
      },
    );
    process.swarm = swarm;
    if (this.#remembered.length > 0) swarm.addPeers(this.#remembered, 'cache');
  }

  #startHostile(process: Process<P>, behaviour: Parameters<typeof createMisconduct>[0]): void {
    const { clock, random, content, truth, nodeCount } = this.#world;
    const { gate, host } = process;
    const own = random.fork(`hostile/${this.index}/${this.#starts}`);
    const peer = new HostilePeer<P>(
      {
        clock: gate.clock(clock),
        random: own,
        transport: gate.transport(host),
        openLink: this.#openLink(gate),
        address: this.address,
        metainfo: content.metainfo,
        targets: [addressOf(0)],
      },
      createMisconduct<P>(behaviour, {
        random: own.fork('misconduct'),
        layout: content.metainfo.layout,
        block: (at, isGenuine) => truth.block(content, at, isGenuine),
        realAddresses: Array.from({ length: nodeCount }, (_, index) => addressOf(index)),
      }),
    );
    peer.start();
  }

  #openLink(gate: NodeGate): OpenLink<P> {
    const { truth, trace, watch, planted } = this.#world;
    const gated = gate.openLink(truth.mode.openLink({ trace }));
    const watched = observed(planted.network?.(gated, this.index) ?? gated, this.index, watch);
    const own = this.plan.behaviour === 'freeRider' ? withoutUnchokes(watched) : watched;
    return planted.node?.(own, this.index) ?? own;
  }

  #options() {
    const { maxPeers, targetPeers, uploadSlots, requestQueueLimit, limitUp } = this.plan;
    const limit = limitUp === undefined ? {} : { uploadBytesPerSecond: limitUp };
    return { maxPeers, targetPeers, uploadSlots, requestQueueLimit, ...limit };
  }

  #told(event: SwarmEvent): void {
    const { watch } = this.#world;
    const at = this.#now();
    const node = this.index;
    watch.take({ kind: 'told', at, node, event });
    if (event.kind === 'complete') watch.take({ kind: 'completed', at, node, isIntact: this.#isIntact() });
  }

  #started(): Observation {
    const { maxPeers, maxDialing, uploadSlots, requestQueueLimit, uploadBytesPerSecond } = resolveSwarmOptions(
      this.#options(),
    );
    return {
      kind: 'started',
      at: this.#now(),
      node: this.index,
      address: this.address,
      isHonest: this.isHonest,
      have: [...this.disk.resume().indices()],
      valid: this.disk.stored(),
      limits: { maxPeers, maxDialing, uploadSlots, requestQueueLimit, uploadBytesPerSecond },
    };
  }

  #stopped({ gate, host }: Process<P>): void {
    this.#leaving = undefined;
    const { timers, storageCalls } = gate;
    const connections = [...host.connections].filter(({ isOpen }) => isOpen).length;
    gate.kill();
    this.disk.close();
    this.#world.watch.take({
      kind: 'stopped',
      at: this.#now(),
      node: this.index,
      leftovers: { timers, connections, storageCalls },
    });
  }

  #isIntact(): boolean {
    const { truth, content } = this.#world;
    return this.#store !== undefined && truth.isOriginal(content, this.#store);
  }

  #newDisk(isFull: boolean): FaultyDisk<P> {
    const { truth, content, clock, watch, planted } = this.#world;
    const inner = truth.mode.createStorage(content, clock, isFull);
    const disk = new FaultyDisk<P>(inner, clock, {
      pieceCount: content.metainfo.layout.pieceCount,
      have: isFull ? [...content.metainfo.layout.pieces()] : [],
      syncMs: SYNC_MS,
      corrupt: truth.spoil,
      journalsBeforeSync: planted.journalsBeforeSync === true,
      skipsVerification: planted.skipsVerification === true,
      onStored: (piece) => {
        if (this.disk === disk) watch.take({ kind: 'stored', at: this.#now(), node: this.index, piece });
      },
    });
    this.#store = inner;
    disk.faults.delayMs = this.plan.diskDelayMs;
    return disk;
  }

  #now(): number {
    return this.#world.clock.now();
  }
}

interface Process<P extends Payload> {
  readonly gate: NodeGate;
  readonly host: SimHost;
  node: PeerNode<P> | undefined;
  swarm: Swarm<P> | undefined;
}

/** The product syncs verified pieces at least once a second (decision D11). */
const SYNC_MS = 1_000;
/** What Linux lets a connection's receive buffer grow to. */
const WINDOW_BYTES = 6 * 2 ** 20;
