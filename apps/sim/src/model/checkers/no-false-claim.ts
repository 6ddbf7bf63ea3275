import type { Checker, Complain } from './checker.js';
import type { Observation } from './observation.js';
import type { SwarmView } from './swarm-view.js';

/** S9: whatever happened before, a node that starts again claims only pieces that are valid on its disk. */
export class NoFalseClaim implements Checker {
  readonly name = 'S9';

  observe(observation: Observation, _view: SwarmView, complain: Complain): void {
    if (observation.kind !== 'started' || !observation.isHonest) return;
    const valid = new Set(observation.valid);
    for (const piece of observation.have) {
      if (!valid.has(piece))
        complain(`node ${observation.node} resumes with piece ${piece}, which is not valid on its disk`);
    }
  }
}
