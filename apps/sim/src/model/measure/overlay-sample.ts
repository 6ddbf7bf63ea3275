import type { Payload } from '@p2p/swarm';

import { OverlayGraph } from '../../run/overlay-graph.js';
import type { OverlaySample } from '../model-result.js';
import type { World } from '../world/world.js';

/**
 * The graph of open sessions between living peers, now.
 *
 * @param exactBelow peers up to which paths are measured from all; from 64 above
 */
export function sampleOverlay<P extends Payload>(world: World<P>, exactBelow = EXACT_BELOW): OverlaySample {
  const living = world.peers.filter((peer) => peer.isAlive);
  const numbers = new Map(living.map((peer, number) => [peer.host, number]));
  const graph = new OverlayGraph(living.length);
  for (const [host, number] of numbers) {
    for (const connection of host.connections) {
      const other = connection.remoteHost === undefined ? undefined : numbers.get(connection.remoteHost);
      if (other !== undefined && other > number && connection.isOpen) graph.link(number, other);
    }
  }
  return { at: world.nowSeconds, ...graph.measure({ above: exactBelow, count: STARTING_POINTS }) };
}

/** Above so many peers the paths from all would take longer than the run. */
const EXACT_BELOW = 500;
const STARTING_POINTS = 64;
