import type { Cancel } from '@p2p/swarm';
import type { VirtualClock } from '@p2p/swarm/testing';

import { fairRates } from './fair-rates.js';
import {
  capacityOfPath,
  pathMicros,
  type AccessLink,
  type Cargo,
  type Flow,
  type LinkHost,
  type LinkModel,
} from './link-model.js';

/** A host, with its number among all. */
export interface FluidHost extends LinkHost {
  readonly number: number;
  /** What is left of the rates of its access link. */
  factor: number;
}

/**
 * Connections as fluids: at each instant all that have something to send share the access links max-min fairly, exactly
 * (`fairRates`). For calibrating the chunk model: dear, since every start and end of a flow changes the rates of others. Up
 * to 500 hosts.
 *
 * A small message on an idle connection passes at once, for its own length over the uplink's rate: it would change all rates
 * for a few microseconds. There is no slow start; window and loss bound a flow's rate.
 */
export class FluidLinks implements LinkModel<FluidHost> {
  readonly #clock: VirtualClock;
  readonly #hosts: FluidHost[] = [];
  /** Those that have something to send, in the order in which they began. */
  readonly #active = new Set<FluidFlow>();
  #updatedMicros = 0;
  #isStale = false;
  #cancelWake: Cancel = () => undefined;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  addHost(access: AccessLink): FluidHost {
    const host = { access, number: this.#hosts.length, factor: 1 };
    this.#hosts.push(host);
    return host;
  }

  slow(host: FluidHost, factor: number): void {
    this.#advance();
    host.factor *= factor;
    this.#markStale();
  }

  openFlow(from: FluidHost, to: FluidHost): Flow {
    return new FluidFlow(this, this.#clock, from, to);
  }

  /** A flow has something to send. */
  began(flow: FluidFlow): void {
    this.#advance();
    this.#active.add(flow);
    this.#markStale();
  }

  /** Rates are made anew once for all that changes at one instant. */
  #markStale(): void {
    if (this.#isStale) return;
    this.#isStale = true;
    this.#clock.post(this.#clock.nowMicros, (links: FluidLinks) => links.#share(), this);
  }

  #share(): void {
    this.#isStale = false;
    const flows = [...this.#active];
    const rates = fairRates(
      this.#hosts.map(({ access, factor }) => ({
        up: access.upBytesPerSecond * factor,
        down: access.downBytesPerSecond * factor,
      })),
      flows.map(({ from, to, capBytesPerSecond }) => ({ from: from.number, to: to.number, cap: capBytesPerSecond })),
    );
    for (const [index, flow] of flows.entries()) flow.bytesPerMicro = (rates[index] ?? 0) / 1e6;
    this.#arm();
  }

  /** To the first end of a cargo. */
  #arm(): void {
    this.#cancelWake();
    let soonest = Infinity;
    for (const flow of this.#active) soonest = Math.min(soonest, this.#endOf(flow));
    if (soonest === Infinity) return;
    const atMicros = Math.max(this.#clock.nowMicros, soonest);
    this.#cancelWake = this.#clock.schedule(atMicros / 1_000, () => this.#finish());
  }

  /**
   * When the cargo of a flow ends, in whole microseconds. To be asked for whether it has ended, too: by another sum of the same
   * numbers it might not have, and time would stand still.
   */
  #endOf({ remainingBytes, bytesPerMicro }: FluidFlow): number {
    return Math.ceil(this.#updatedMicros + remainingBytes / bytesPerMicro - ROUNDING_MICROS);
  }

  #advance(): void {
    const elapsed = this.#clock.nowMicros - this.#updatedMicros;
    this.#updatedMicros = this.#clock.nowMicros;
    if (elapsed === 0) return;
    for (const flow of this.#active) flow.remainingBytes -= flow.bytesPerMicro * elapsed;
  }

  #finish(): void {
    this.#advance();
    const done = [...this.#active].filter((flow) => this.#endOf(flow) <= this.#clock.nowMicros);
    for (const flow of done) {
      flow.finish();
      if (flow.sending !== undefined) continue;
      this.#active.delete(flow);
      this.#markStale();
    }
    if (!this.#isStale) this.#arm();
  }
}

/** One direction of a connection. */
class FluidFlow implements Flow {
  readonly from: FluidHost;
  readonly to: FluidHost;
  readonly capBytesPerSecond: number;
  remainingBytes = 0;
  bytesPerMicro = 0;
  sending: Cargo | undefined;
  readonly #links: FluidLinks;
  readonly #clock: VirtualClock;
  readonly #latencyMicros: number;
  #waiting: Cargo[] = [];
  #crossing: Cargo[] = [];

  constructor(links: FluidLinks, clock: VirtualClock, from: FluidHost, to: FluidHost) {
    this.#links = links;
    this.#clock = clock;
    this.from = from;
    this.to = to;
    this.#latencyMicros = pathMicros(from, to);
    this.capBytesPerSecond = capacityOfPath(from, to);
  }

  send(cargo: Cargo): void {
    this.#waiting.push(cargo);
    if (this.#waiting.length > 1 || this.sending !== undefined) return;
    // What is sent in one turn of the node leaves together: it begins when the turn is over.
    this.#clock.post(this.#clock.nowMicros, begin, this);
  }

  close(): void {
    this.#waiting = [];
  }

  begin(): void {
    if (this.sending === undefined && this.#next()) this.#links.began(this);
  }

  /** All of what was being sent has left. */
  finish(): void {
    const cargo = this.sending;
    this.sending = undefined;
    if (cargo !== undefined) this.#depart(cargo, 0);
    this.#next();
  }

  /** Takes what waits longest; small messages pass. True if there is something to send. */
  #next(): boolean {
    for (let cargo = this.#waiting.shift(); cargo !== undefined; cargo = this.#waiting.shift()) {
      cargo.isSealed = true;
      if (cargo.bytes > SMALL_BYTES) {
        this.sending = cargo;
        this.remainingBytes = cargo.bytes;
        return true;
      }
      this.#depart(cargo, Math.ceil((cargo.bytes * 1e6) / this.from.access.upBytesPerSecond));
    }
    return false;
  }

  #depart(cargo: Cargo, micros: number): void {
    this.#crossing.push(cargo);
    this.#clock.post(this.#clock.nowMicros + micros + this.#latencyMicros, crossed, this);
    cargo.departed();
  }

  crossed(): void {
    this.#crossing.shift()?.arrived();
  }
}

function begin(flow: FluidFlow): void {
  flow.begin();
}

function crossed(flow: FluidFlow): void {
  flow.crossed();
}

/** A packet's worth. */
const SMALL_BYTES = 1_460;
/** What a rate over whole microseconds may be off. */
const ROUNDING_MICROS = 0.01;
