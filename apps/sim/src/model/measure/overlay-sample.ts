import type { Payload } from '@p2p/swarm';

import { OverlayGraph } from '../../run/overlay-graph.js';
import type { OverlaySample } from '../model-result.js';
import type { World } from '../world/world.js';

/** The graph of open sessions between living peers, now. */
export function sampleOverlay<P extends Payload>(world: World<P>): OverlaySample {
  const living = world.peers.filter((peer) => peer.isAlive);
  const numbers = new Map(living.map((peer, number) => [peer.host, number]));
  const graph = new OverlayGraph(living.length);
  for (const [host, number] of numbers) {
    for (const connection of host.connections) {
      const other = connection.remoteHost === undefined ? undefined : numbers.get(connection.remoteHost);
      if (other !== undefined && other > number && connection.isOpen) graph.link(number, other);
    }
  }
  return { at: world.nowSeconds, ...graph.measure(MAX_STARTING_POINTS) };
}

/** Above 500 nodes the paths from all would take longer than the run. */
const MAX_STARTING_POINTS = { above: 500, count: 64 };
