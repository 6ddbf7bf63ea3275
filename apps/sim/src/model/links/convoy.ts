import type { VirtualClock } from '@p2p/swarm/testing';

import type { ChunkFlow } from './chunk-links.js';
import type { Cargo } from './link-model.js';

/**
 * Cargos that leave one uplink together, each on its connection, and cross in one event, in the order of departure: those whose
 * way is equally long. A piece that is stored makes a node tell all its neighbours, and most events of a run were such.
 */
export class Convoy {
  readonly latencyMicros: number;
  /** What leaves together with it and has another way. */
  next: Convoy | undefined;
  readonly #flow: ChunkFlow;
  readonly #cargo: Cargo;
  /** The others. A block goes alone. */
  #flows: ChunkFlow[] | undefined;
  #cargos: Cargo[] | undefined;

  constructor(flow: ChunkFlow, cargo: Cargo) {
    this.latencyMicros = flow.latencyMicros;
    this.#flow = flow;
    this.#cargo = cargo;
  }

  add(flow: ChunkFlow, cargo: Cargo): void {
    (this.#flows ??= []).push(flow);
    (this.#cargos ??= []).push(cargo);
  }

  depart(clock: VirtualClock): void {
    clock.post(clock.nowMicros + this.latencyMicros, arrive, this);
  }

  departed(): void {
    this.#cargo.departed();
    const cargos = this.#cargos;
    if (cargos !== undefined) for (const cargo of cargos) cargo.departed();
  }

  arrive(): void {
    this.#flow.crossed(this.#cargo);
    const [flows, cargos] = [this.#flows, this.#cargos];
    if (flows === undefined || cargos === undefined) return;
    for (let index = 0; index < flows.length; index++) {
      const [flow, cargo] = [flows[index], cargos[index]];
      if (flow !== undefined && cargo !== undefined) flow.crossed(cargo);
    }
  }
}

function arrive(convoy: Convoy): void {
  convoy.arrive();
}
