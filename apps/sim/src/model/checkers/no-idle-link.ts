import type { Checker, Complain } from './checker.js';
import type { NodeId, Observation } from './observation.js';
import type { SessionView } from './session-view.js';
import type { NodeView, SwarmView } from './swarm-view.js';

/**
 * L4: no session stays idle although the other end does not choke us and has a piece that we lack and that nobody is asked
 * for. Looked at after the heal; a pause after a failed disk or after many rejects is our own decision, and is allowed.
 */
export class NoIdleLink implements Checker {
  readonly name = 'L4';
  readonly #idleSince = new Map<SessionView, number>();
  readonly #diskFailedAt = new Map<NodeId, number>();
  #isCalm = false;

  observe(observation: Observation, view: SwarmView, complain: Complain): void {
    if (observation.kind === 'healed') this.#isCalm = true;
    if (observation.kind === 'told' && observation.event.kind === 'storageFailed') {
      this.#diskFailedAt.set(observation.node, observation.at);
    }
    if (observation.kind !== 'second' || !this.#isCalm) return;
    const frozen = new Set(observation.nodes.filter(({ isPaused }) => isPaused).map(({ node }) => node));
    for (const node of view.nodes.values()) {
      if (!node.isHonest || frozen.has(node.node)) continue;
      if (observation.at - (this.#diskFailedAt.get(node.node) ?? -Infinity) < PAUSE_MS) continue;
      this.#checkNode(node, observation.at, complain);
    }
  }

  #checkNode(node: NodeView, at: number, complain: Complain): void {
    const asked = askedPieces(node);
    for (const session of node.sessions) {
      const wanted = at - session.rejectedAt < PAUSE_MS ? undefined : wantedPiece(node, session, asked);
      if (wanted === undefined) {
        this.#idleSince.delete(session);
        continue;
      }
      const since = this.#idleSince.get(session) ?? at;
      this.#idleSince.set(session, since);
      if (at - since < PATIENCE_MS) continue;
      this.#idleSince.set(session, Infinity);
      complain(
        `node ${node.node} asks node ${session.peer ?? '?'} for nothing since ${(since / 1_000).toFixed(0)} s, although it has piece ${wanted}, which nobody is asked for`,
      );
    }
  }
}

/** Pieces of which a block is on its way, or that are all here and not verified yet. */
function askedPieces(node: NodeView): Set<number> {
  const pieces = new Set<number>();
  for (const session of node.sessions) {
    for (const block of session.asked.keys()) pieces.add(Number(block.split('/')[0]));
  }
  return pieces;
}

function wantedPiece(node: NodeView, session: SessionView, asked: ReadonlySet<number>): number | undefined {
  if (!session.isOpen || session.isChokingUs || session.asked.size > 0) return undefined;
  for (const piece of session.peerPieces) if (!node.pieces.has(piece) && !asked.has(piece)) return piece;
  return undefined;
}

/** `storageRetryMs` and the longest pause after rejects are 60 s. */
const PAUSE_MS = 70_000;
/** simulation.md says 1 s; a piece may be with storage for as long as a slow disk takes. */
const PATIENCE_MS = 15_000;
