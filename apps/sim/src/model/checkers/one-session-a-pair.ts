import type { Checker, Complain } from './checker.js';
import type { Observation } from './observation.js';
import type { NodeView, SwarmView } from './swarm-view.js';

/**
 * S6: no node has an open session with itself, or two with one peer; and of two connections that dialled each other at
 * once, both ends keep the same one.
 */
export class OneSessionAPair implements Checker {
  readonly name = 'S6';

  observe(observation: Observation, view: SwarmView, complain: Complain): void {
    // Only at rest: at the instant of the second handshake there are two.
    if (observation.kind !== 'second') return;
    for (const node of view.nodes.values()) if (node.isHonest) checkNode(node, complain);
  }
}

function checkNode({ node, sessions }: NodeView, complain: Complain): void {
  // A node that was started again is another peer: of the one before it a dead connection may be left.
  const peers = new Set<string>();
  for (const { isOpen, peer, peerId } of sessions) {
    if (!isOpen || peer === undefined) continue;
    if (peer === node) complain(`node ${node} has an open session with itself`);
    const name = `${peer} ${peerId?.join() ?? ''}`;
    if (peers.has(name)) complain(`node ${node} has two open sessions with node ${peer}`);
    peers.add(name);
  }
}
