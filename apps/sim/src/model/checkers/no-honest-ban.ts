import type { Checker, Complain } from './checker.js';
import type { Observation } from './observation.js';
import type { SwarmView } from './swarm-view.js';

/** S8: an honest node is never banned, and never accused of breaking the protocol, by an honest one. */
export class NoHonestBan implements Checker {
  readonly name = 'S8';

  observe(observation: Observation, view: SwarmView, complain: Complain): void {
    if (observation.kind !== 'told' || observation.event.kind !== 'peerClosed') return;
    const { reason, address } = observation.event;
    if (reason.party !== 'them' && !(reason.party === 'us' && reason.code === 'banned')) return;
    const accused = view.nodeOfHost(address.host);
    if (accused === undefined || view.nodes.get(observation.node)?.isHonest !== true) return;
    if (!view.wasHonest(accused)) return;
    complain(`node ${observation.node} closes honest node ${accused}: ${reason.party} ${reason.code} ${reason.detail}`);
  }
}
