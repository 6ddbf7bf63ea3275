import type { Payload } from '@p2p/swarm';

import type { RunMarks, ScenarioPlan } from './scenario.js';
import type { PeerPlan } from './world/peer-plan.js';
import type { World } from './world/world.js';

/** How far a run is. */
export interface ModelProgress {
  readonly virtualSeconds: number;
  readonly finishedPeers: number;
  readonly leechers: number;
  /** Of all pieces that all leechers need. */
  readonly share: number;
  readonly events: number;
}

/** One run of a scenario: brings its peers into the world as they arrive, and knows when it is over. */
export class ScenarioRun<P extends Payload> implements RunMarks {
  readonly sometimes: Record<string, number> = {};
  readonly faults: { readonly at: number; readonly label: string }[] = [];
  readonly #world: World<P>;
  readonly #plan: ScenarioPlan;
  readonly #leecherCount: number;
  #awaitedCount = 0;
  #finishedCount = 0;
  #storedCount = 0;
  #lookedMicros = -1;
  #lookedEvents = 0;
  /** Something happened that may have ended the run. */
  #isToBeChecked = true;

  /** @throws {RangeError} if the peers are not in the order of their arrival */
  constructor(world: World<P>, plan: ScenarioPlan) {
    this.#world = world;
    this.#plan = plan;
    this.#leecherCount = plan.peers.filter(({ role }) => role === 'leecher').length;
    world.onEvent((peer, event) => {
      if (event.kind === 'pieceStored') this.#storedCount += 1;
      if (event.kind !== 'complete' || peer.isSeeder) return;
      this.#finishedCount += 1;
      this.recheck();
    });
    let before = 0;
    for (const peer of plan.peers) {
      const at = peer.arrivesAtSeconds ?? 0;
      if (at < before)
        throw new RangeError(`peers: expected in the order of their arrival, found ${at} s after ${before} s`);
      before = at;
      this.#expect(peer, at);
    }
    plan.script?.(world, this);
  }

  /** Lets up to `count` events happen; false when the run is over. */
  advance(count: number): boolean {
    this.#watchTime();
    const limitMicros = this.#plan.limitSeconds * 1e6;
    for (let left = count; left > 0; left--) {
      if (this.#isToBeChecked && this.#isOver()) return false;
      if (this.#world.clock.nowMicros > limitMicros || !this.#world.step()) return false;
    }
    return true;
  }

  /** Nodes that wake each other at one instant for ever would never let time go on. */
  #watchTime(): void {
    const { nowMicros } = this.#world.clock;
    if (nowMicros !== this.#lookedMicros) {
      this.#lookedMicros = nowMicros;
      this.#lookedEvents = this.#world.eventCount;
    } else if (this.#world.eventCount - this.#lookedEvents > MAX_EVENTS_AT_ONCE) {
      throw new Error(
        `bug: time stands still at ${this.#world.nowSeconds} s, ${MAX_EVENTS_AT_ONCE} events happened in it`,
      );
    }
  }

  /** The run may be over for a reason other than a completion. */
  recheck(): void {
    this.#isToBeChecked = true;
  }

  progress(): ModelProgress {
    const { pieceCount } = this.#world.content.metainfo.layout;
    return {
      virtualSeconds: this.#world.nowSeconds,
      finishedPeers: this.#finishedCount,
      leechers: this.#leecherCount,
      share: this.#leecherCount === 0 ? 1 : this.#storedCount / (this.#leecherCount * pieceCount),
      events: this.#world.eventCount,
    };
  }

  mark(label: string): void {
    this.faults.push({ at: this.#world.nowSeconds, label });
    this.#world.trace.noted(this.#world.clock.nowMicros, '', label);
    this.recheck();
  }

  happened(name: string): void {
    this.sometimes[name] = (this.sometimes[name] ?? 0) + 1;
  }

  #expect(peer: PeerPlan, atSeconds: number): void {
    this.#awaitedCount += 1;
    this.#world.at(atSeconds, () => {
      this.#awaitedCount -= 1;
      this.#world.addPeer(peer);
      this.recheck();
    });
  }

  #isOver(): boolean {
    this.#isToBeChecked = false;
    if (this.#awaitedCount > 0) return false;
    if (this.#plan.isOver !== undefined) return this.#plan.isOver(this.#world);
    return this.#world.peers.every(
      (peer) => peer.isSeeder || !peer.isHonest || !peer.isAlive || peer.completedAtSeconds !== undefined,
    );
  }
}

/** Ten thousand peers that begin at once come to a fraction of this. */
const MAX_EVENTS_AT_ONCE = 20_000_000;
