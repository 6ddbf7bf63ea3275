import type { Checker, Complain } from './checker.js';
import type { NodeId, Observation } from './observation.js';
import type { SwarmView } from './swarm-view.js';

/**
 * L2: after the heal the core's overlay becomes one component, and is one at some second before the deadline.
 *
 * Two finished nodes part in good order (BEP 21), so finished ones are counted as one: what matters is that every node that
 * still lacks something can reach the rest of the core.
 */
export class CoreIsOneComponent implements Checker {
  readonly name = 'L2';
  #core: ReadonlySet<NodeId> = new Set();
  #wasWhole = true;
  #parts = 1;

  observe(observation: Observation, view: SwarmView, complain: Complain): void {
    if (observation.kind === 'healed') {
      this.#core = observation.core;
      this.#wasWhole = false;
    }
    if (observation.kind === 'second' && !this.#wasWhole) {
      this.#parts = partCount(this.#core, view);
      this.#wasWhole = this.#parts === 1;
    }
    if (observation.kind !== 'ended' || this.#wasWhole) return;
    complain(`the core of ${this.#core.size} nodes never became one component; at the end there are ${this.#parts}`);
  }
}

function partCount(core: ReadonlySet<NodeId>, view: SwarmView): number {
  const group = new Map<NodeId, NodeId>();
  const find = (node: NodeId): NodeId => {
    let root = node;
    for (let next = group.get(root); next !== undefined && next !== root; next = group.get(root)) root = next;
    return root;
  };
  for (const id of core) group.set(id, id);
  let finished: NodeId | undefined;
  for (const id of core) {
    const node = view.nodes.get(id);
    if (node === undefined) continue;
    for (const { isOpen, peer } of node.sessions)
      if (isOpen && peer !== undefined && core.has(peer)) group.set(find(id), find(peer));
    if (node.pieces.size < view.pieceCount) continue;
    if (finished !== undefined) group.set(find(id), find(finished));
    finished = id;
  }
  return new Set([...core].map(find)).size;
}
