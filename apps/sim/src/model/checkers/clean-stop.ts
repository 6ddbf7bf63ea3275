import type { Checker, Complain } from './checker.js';
import type { Observation } from './observation.js';
import type { SwarmView } from './swarm-view.js';

/** S10: a node that stopped in good order leaves no timer, no connection and no storage call behind. */
export class CleanStop implements Checker {
  readonly name = 'S10';

  observe(observation: Observation, _view: SwarmView, complain: Complain): void {
    if (observation.kind !== 'stopped') return;
    const { timers, connections, storageCalls } = observation.leftovers;
    if (timers + connections + storageCalls === 0) return;
    complain(
      `node ${observation.node} stopped and left ${timers} timers, ${connections} connections, ${storageCalls} storage calls`,
    );
  }
}
