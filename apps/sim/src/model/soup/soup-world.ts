import type { Payload } from '@p2p/swarm';
import { SeededRandom, VirtualClock } from '@p2p/swarm/testing';

import { Checkers } from '../checkers/checkers.js';
import type { NodeId, NodeSnapshot, Observation } from '../checkers/observation.js';
import { SometimesCounter } from '../checkers/sometimes.js';
import { CutRules } from '../faults/cut-rules.js';
import { ChunkLinks } from '../links/chunk-links.js';
import { SimNetwork } from '../network/sim-network.js';
import { RunTrace } from '../run-trace.js';
import { createContent, type Content } from '../world/content.js';
import { addressOf } from '../world/sim-peer.js';
import { FaultInjector } from './fault-injector.js';
import type { PayloadTruth } from './payload-truth.js';
import { SoupNode, type PlantedBug } from './soup-node.js';
import type { SoupPlan } from './soup-plan.js';

/** The world of one plan, with everything that watches it. */
export class SoupWorld<P extends Payload> {
  readonly plan: SoupPlan;
  readonly clock = new VirtualClock();
  readonly trace = new RunTrace();
  readonly content: Content;
  readonly network: SimNetwork;
  readonly cuts: CutRules;
  readonly nodes: readonly SoupNode<P>[];
  readonly sometimes: SometimesCounter;
  readonly checkers: Checkers;
  readonly injector: FaultInjector<P>;
  readonly random: SeededRandom;
  #lastEnd = 0;
  #steps = 0;

  constructor(plan: SoupPlan, truth: PayloadTruth<P>, planted: PlantedBug<P> = {}) {
    this.plan = plan;
    this.random = new SeededRandom(plan.seed).fork('run');
    this.content = createContent(plan.seed, plan);
    this.network = new SimNetwork(this.clock, new ChunkLinks(this.clock), this.trace);
    this.cuts = new CutRules(this.network);
    const { pieceCount, totalBytes } = this.content.metainfo.layout;
    this.sometimes = new SometimesCounter(0);
    this.checkers = new Checkers(pieceCount, this.sometimes);
    const take = (observation: Observation): void => {
      this.checkers.take(planted.observation?.(observation) ?? observation);
    };
    const byHost = new Map<string, NodeId>(plan.nodes.map((_, index) => [addressOf(index).host, index]));
    const watch = {
      now: () => this.clock.now(),
      nextEnd: () => ++this.#lastEnd,
      nodeOfHost: (host: string) => byHost.get(host),
      peerIdOf: (node: NodeId) => this.nodes[node]?.peerId,
      isGenuine: (at: { readonly piece: number; readonly begin: number }, data: P) =>
        truth.isGenuine(this.content, at, data),
      take,
    };
    this.take = take;
    const dishonest = new Set(plan.faults.flatMap((fault) => (fault.kind === 'corruptReads' ? [fault.node] : [])));
    this.nodes = plan.nodes.map((node, index) => {
      const isHonest = node.behaviour === 'honest' && !dishonest.has(index);
      return new SoupNode<P>(index, node, isHonest, {
        clock: this.clock,
        network: this.network,
        trace: this.trace,
        content: this.content,
        random: this.random,
        truth,
        watch,
        planted,
        nodeCount: plan.nodes.length,
      });
    });
    this.injector = new FaultInjector(
      {
        clock: this.clock,
        trace: this.trace,
        nodes: this.nodes,
        cuts: this.cuts,
        sometimes: this.sometimes,
        totalBytes,
      },
      plan.faults,
    );
    for (const node of this.nodes) {
      this.clock.schedule(node.plan.joinAt, () => {
        node.start();
      });
    }
    this.#everySecond();
  }

  readonly take: (observation: Observation) => void;

  get steps(): number {
    return this.#steps;
  }

  /** Runs until the condition holds, looked at once a second, or until `limit`; whether it does. */
  run(limit: number, isOver: () => boolean): boolean {
    while (this.clock.now() < limit) {
      this.#runUntil(Math.min(limit, this.clock.now() + 1_000));
      if (isOver()) return true;
    }
    return false;
  }

  #runUntil(until: number): void {
    for (let next = this.clock.nextAt; next !== undefined && next <= until; next = this.clock.nextAt) {
      this.clock.step();
      this.#steps += 1;
      if (this.#steps > MAX_STEPS)
        throw new Error(`more than ${MAX_STEPS} events by ${this.clock.now()} ms: something spins`);
    }
    this.clock.runUntil(until);
  }

  #everySecond(): void {
    const nodes = this.nodes
      .map((node) => node.snapshot())
      .filter((snapshot): snapshot is NodeSnapshot => snapshot !== undefined);
    this.take({ kind: 'second', at: this.clock.now(), nodes });
    this.injector.second();
    this.clock.schedule(this.clock.now() + 1_000, () => {
      this.#everySecond();
    });
  }
}

/** A world of fifty nodes and forty pieces takes some hundred thousand. */
const MAX_STEPS = 20_000_000;
