import type { Checker, Complain } from './checker.js';
import type { Observation } from './observation.js';
import type { SessionView } from './session-view.js';
import type { NodeView, SwarmView } from './swarm-view.js';

/**
 * L3: no block stays with a silent peer past the longest timeout while somebody else, who has it and does not choke us, has
 * been asked for nothing at all.
 */
export class NoStuckRequest implements Checker {
  readonly name = 'L3';
  #isCalm = false;

  observe(observation: Observation, view: SwarmView, complain: Complain): void {
    if (observation.kind === 'healed') this.#isCalm = true;
    if (observation.kind !== 'second' || !this.#isCalm) return;
    const frozen = new Set(observation.nodes.filter(({ isPaused }) => isPaused).map(({ node }) => node));
    for (const node of view.nodes.values()) {
      if (node.isHonest && !frozen.has(node.node)) checkNode(node, observation.at, complain);
    }
  }
}

function checkNode(node: NodeView, at: number, complain: Complain): void {
  for (const session of node.sessions) {
    if (at - session.receivedAt < LONGEST_TIMEOUT_MS) continue;
    for (const [block, times] of session.asked) {
      const askedAt = times[times.length - 1] ?? at;
      const piece = Number(block.split('/')[0]);
      if (at - askedAt < LONGEST_TIMEOUT_MS || node.pieces.has(piece)) continue;
      const other = idleHolder(node, session, piece, at);
      if (other === undefined) continue;
      complain(
        `node ${node.node} waits for ${block} from node ${session.peer ?? '?'} since ${(askedAt / 1_000).toFixed(1)} s, while node ${other.peer ?? '?'} has it and is asked for nothing`,
      );
      return;
    }
  }
}

function idleHolder(node: NodeView, stuck: SessionView, piece: number, at: number): SessionView | undefined {
  for (const other of node.sessions) {
    if (other === stuck || !other.isOpen || other.isChokingUs || !other.peerPieces.has(piece)) continue;
    const isNew = at - Math.max(other.unchokedUsAt, other.rejectedAt) < LONGEST_TIMEOUT_MS;
    if (!isNew && other.asked.size === 0) return other;
  }
  return undefined;
}

/** `RequestWindow`: at most 60 s; the rest is for looking once a second and for a pause after rejects. */
const LONGEST_TIMEOUT_MS = 130_000;
