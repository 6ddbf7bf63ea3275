import type { Payload } from '@p2p/swarm';

import type { Bound } from '../bounds.js';
import { LINK_PRESETS } from '../links/presets.js';
import { sampleOverlay } from '../measure/overlay-sample.js';
import type { OverlaySample } from '../model-result.js';
import type { ScenarioInput } from '../scenario.js';
import type { PeerPlan } from '../world/peer-plan.js';
import type { World } from '../world/world.js';

/**
 * Peers of a scenario of which only the overlay matters: nobody has the content, so that nothing but addresses travels, and
 * all but the first know the first.
 *
 * @param arrivesAt seconds at which the peer with this number starts
 */
export function emptyHandedPeers(input: ScenarioInput, arrivesAt: (index: number) => number): PeerPlan[] {
  const link = LINK_PRESETS[input.link];
  return Array.from({ length: input.peers }, (_, index) => ({
    role: 'leecher',
    link,
    arrivesAtSeconds: arrivesAt(index),
  }));
}

/** Nothing is carried, so nothing bounds the run but its own length. */
export function wholeRun(seconds: number): Bound {
  return { name: 'LB1', seconds };
}

/** The overlay with paths from every peer, which the samples of a large swarm do not have. */
export function exactOverlay<P extends Payload>(world: World<P>): OverlaySample {
  return sampleOverlay(world, Infinity);
}
