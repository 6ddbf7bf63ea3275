import type { Payload } from '@p2p/swarm';
import type { VirtualClock } from '@p2p/swarm/testing';

import type { SometimesCounter } from '../checkers/sometimes.js';
import type { CutRules } from '../faults/cut-rules.js';
import { describeFault, type Fault } from '../faults/fault.js';
import type { DiskFaults, FaultyDisk } from '../faults/faulty-disk.js';
import type { RunTrace } from '../run-trace.js';
import type { SoupNode } from './soup-node.js';

/** What faults strike. */
export interface FaultTargets<P extends Payload> {
  readonly clock: VirtualClock;
  readonly trace: RunTrace;
  readonly nodes: readonly SoupNode<P>[];
  readonly cuts: CutRules;
  readonly sometimes: SometimesCounter;
  readonly totalBytes: number;
}

/** Makes a plan's faults happen at their times, until it is told that it is enough. */
export class FaultInjector<P extends Payload> {
  readonly #targets: FaultTargets<P>;
  readonly #cancels = new Set<() => void>();
  /** Seeders that leave after one copy. */
  readonly #leaving = new Set<SoupNode<P>>();
  /** Faults may overlap: what ends with one goes on with another. */
  readonly #diskFaults = new Map<FaultyDisk<P>, Set<Partial<DiskFaults>>>();
  readonly #pauseCounts = new Map<SoupNode<P>, number>();
  #isOver = false;

  constructor(targets: FaultTargets<P>, faults: readonly Fault[]) {
    this.#targets = targets;
    for (const fault of faults) {
      this.#at(fault.at, () => {
        targets.trace.noted(targets.clock.nowMicros, 'fault', describeFault(fault));
        this.#strike(fault);
      });
    }
  }

  /** Ends whatever is still to come. What has happened stays: the heal repairs what it wants. */
  end(): void {
    this.#isOver = true;
    for (const cancel of this.#cancels) cancel();
    this.#leaving.clear();
  }

  /** Looks, once a second, whether a seeder has sent its copy. */
  second(): void {
    for (const node of this.#leaving) {
      if (node.uploadedBytes < this.#targets.totalBytes) continue;
      this.#leaving.delete(node);
      node.leave();
      this.#targets.sometimes.happened('seed leaves after one copy');
    }
  }

  #strike(fault: Fault): void {
    switch (fault.kind) {
      case 'partition':
        this.#part(fault);
        break;
      case 'swizzle':
        for (const { node, from, until } of fault.clogs) this.#clog(node, from, until);
        break;
      case 'kill':
      case 'leave':
      case 'pause':
      case 'slowDisk':
      case 'fullDisk':
      case 'failingReads':
      case 'corruptReads':
      case 'failingCall':
      case 'seedLeaves':
      case 'reset': {
        const node = this.#targets.nodes[fault.node];
        if (node !== undefined) this.#strikeNode(node, fault);
        break;
      }
    }
  }

  #strikeNode(node: SoupNode<P>, fault: Exclude<Fault, { kind: 'partition' | 'swizzle' }>): void {
    switch (fault.kind) {
      case 'kill':
        // A seeder that forgets leaves nobody who has the file.
        node.kill(fault.keepsState || node.plan.isSeeder);
        this.#startAgain(node, fault.restartAt);
        break;
      case 'leave':
        node.leave();
        this.#startAgain(node, fault.restartAt);
        break;
      case 'pause':
        this.#pause(node, fault.until);
        break;
      case 'slowDisk':
        this.#disk(node, fault.until, { delayMs: fault.delayMs });
        break;
      case 'fullDisk':
        this.#disk(node, fault.until, { isFull: true });
        break;
      case 'failingReads':
        this.#disk(node, fault.until, { failsReads: true });
        break;
      case 'corruptReads':
        this.#disk(node, fault.until, { corruptsReads: true });
        break;
      case 'failingCall':
        node.disk.faults.failsAfterCalls = fault.afterCalls;
        break;
      case 'seedLeaves':
        if (node.plan.isSeeder) this.#leaving.add(node);
        break;
      case 'reset':
        node.reset();
        break;
    }
  }

  #startAgain(node: SoupNode<P>, restartAt: number | undefined): void {
    if (restartAt === undefined) return;
    this.#at(restartAt, () => {
      if (node.isRunning) return;
      if (node.lostPartialPiece) this.#targets.sometimes.happened('resume with a partial piece');
      node.start();
    });
  }

  #pause(node: SoupNode<P>, until: number): void {
    const { cuts } = this.#targets;
    const { host } = node.address;
    // What it is sent waits in its system's buffers.
    const release = cuts.add((_from, to) => to === host);
    this.#pauseCounts.set(node, (this.#pauseCounts.get(node) ?? 0) + 1);
    node.freeze();
    this.#at(until, () => {
      const left = (this.#pauseCounts.get(node) ?? 1) - 1;
      this.#pauseCounts.set(node, left);
      if (left === 0) node.thaw();
      release();
    });
  }

  #disk(node: SoupNode<P>, until: number, faults: Partial<DiskFaults>): void {
    const { disk, plan } = node;
    const active = this.#diskFaults.get(disk) ?? new Set();
    this.#diskFaults.set(disk, active);
    const apply = (): void => {
      const sound = { delayMs: plan.diskDelayMs, isFull: false, failsReads: false, corruptsReads: false };
      Object.assign(disk.faults, sound, ...active);
    };
    active.add(faults);
    apply();
    this.#at(until, () => {
      active.delete(faults);
      apply();
    });
  }

  #part({ side, isOneWay, until }: Extract<Fault, { kind: 'partition' }>): void {
    const { nodes, cuts, sometimes } = this.#targets;
    const inside = new Set(side.map((index) => nodes[index]?.address.host));
    if (isPieceOnOneSideOnly(nodes, new Set(side))) sometimes.happened('partition with a piece on one side only');
    const release = cuts.add((from, to) =>
      isOneWay ? inside.has(to) && !inside.has(from) : inside.has(from) !== inside.has(to),
    );
    this.#at(until, release);
  }

  #clog(index: number, from: number, until: number): void {
    const { nodes, cuts } = this.#targets;
    const host = nodes[index]?.address.host;
    this.#at(from, () => {
      const release = cuts.add((a, b) => a === host || b === host);
      this.#at(until, release);
    });
  }

  #at(ms: number, act: () => void): void {
    if (this.#isOver) return;
    const cancel = this.#targets.clock.schedule(ms, () => {
      this.#cancels.delete(cancel);
      act();
    });
    this.#cancels.add(cancel);
  }
}

function isPieceOnOneSideOnly<P extends Payload>(nodes: readonly SoupNode<P>[], side: ReadonlySet<number>): boolean {
  const here = new Set<number>();
  const there = new Set<number>();
  for (const node of nodes) for (const piece of node.disk.stored()) (side.has(node.index) ? here : there).add(piece);
  const isMissing = (from: ReadonlySet<number>, of: ReadonlySet<number>) => [...of].some((piece) => !from.has(piece));
  return isMissing(here, there) || isMissing(there, here);
}
