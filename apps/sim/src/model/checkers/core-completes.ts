import type { Checker, Complain } from './checker.js';
import type { NodeId, Observation } from './observation.js';
import type { SwarmView } from './swarm-view.js';

/** L1: after the heal every honest node of the core has the whole file before the deadline. */
export class CoreCompletes implements Checker {
  readonly name = 'L1';
  #core: ReadonlySet<NodeId> = new Set();

  observe(observation: Observation, view: SwarmView, complain: Complain): void {
    if (observation.kind === 'healed') this.#core = observation.core;
    if (observation.kind !== 'ended') return;
    for (const id of this.#core) {
      const node = view.nodes.get(id);
      if (node === undefined) complain(`node ${id} of the core is not there`);
      else if (node.isHonest && node.pieces.size < view.pieceCount) {
        complain(`node ${id} of the core has ${node.pieces.size} of ${view.pieceCount} pieces`);
      }
    }
  }
}
