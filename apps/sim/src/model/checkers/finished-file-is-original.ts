import type { Checker, Complain } from './checker.js';
import type { Observation } from './observation.js';
import type { SwarmView } from './swarm-view.js';

/** S2: whoever says `complete` has the original file, and every piece of it was verified. */
export class FinishedFileIsOriginal implements Checker {
  readonly name = 'S2';

  observe(observation: Observation, view: SwarmView, complain: Complain): void {
    if (observation.kind !== 'completed') return;
    const node = view.nodes.get(observation.node);
    if (node?.isHonest !== true) return;
    if (!observation.isIntact) complain(`node ${node.node} says it is complete, and its file is not the original`);
    if (node.pieces.size !== view.pieceCount) {
      complain(`node ${node.node} says it is complete with ${node.pieces.size} of ${view.pieceCount} pieces`);
    }
  }
}
