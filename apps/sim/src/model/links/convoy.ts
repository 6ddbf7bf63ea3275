import type { VirtualClock } from '@p2p/swarm/testing';

import type { ChunkFlow } from './chunk-links.js';
import type { Cargo } from './link-model.js';

/**
 * Cargos that have left one uplink together, each on its connection: those whose way is equally long cross in one event. A
 * piece that is stored makes a node tell all its neighbours, and most events of a run were such.
 */
export function departTogether(clock: VirtualClock, flows: readonly ChunkFlow[], cargos: readonly Cargo[]): void {
  let convoy: Convoy | undefined;
  for (const [index, flow] of flows.entries()) {
    const cargo = cargos[index];
    if (cargo === undefined) break;
    if (convoy?.latencyMicros !== flow.latencyMicros) {
      convoy = new Convoy(flow.latencyMicros);
      clock.post(clock.nowMicros + flow.latencyMicros, arrive, convoy);
    }
    convoy.add(flow, cargo);
  }
  for (const cargo of cargos) cargo.departed();
}

/** What crosses in one event, in the order of departure. */
class Convoy {
  readonly latencyMicros: number;
  readonly #flows: ChunkFlow[] = [];
  readonly #cargos: Cargo[] = [];

  constructor(latencyMicros: number) {
    this.latencyMicros = latencyMicros;
  }

  add(flow: ChunkFlow, cargo: Cargo): void {
    this.#flows.push(flow);
    this.#cargos.push(cargo);
  }

  arrive(): void {
    for (const [index, flow] of this.#flows.entries()) {
      const cargo = this.#cargos[index];
      if (cargo !== undefined) flow.crossed(cargo);
    }
  }
}

function arrive(convoy: Convoy): void {
  convoy.arrive();
}
