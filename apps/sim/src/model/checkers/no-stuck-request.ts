import type { Checker, Complain } from './checker.js';
import type { EndId, NodeId, Observation } from './observation.js';
import { blockName, type SessionView } from './session-view.js';
import type { NodeView, SwarmView } from './swarm-view.js';

/**
 * L3: no block stays with a peer that has answered nothing for the longest timeout while somebody else, who has it and does
 * not choke us, is asked for nothing at all. The peer may well be alive otherwise: a tarpit sends keep-alives.
 *
 * Looked at after the heal; a pause after a failed disk or after many rejects is our own decision, and is allowed.
 */
export class NoStuckRequest implements Checker {
  readonly name = 'L3';
  /** When a session last brought a block. */
  readonly #answeredAt = new Map<EndId, number>();
  /** When a node last got a block, from whomever. */
  readonly #receivedAt = new Map<NodeId, Map<string, number>>();
  readonly #diskFailedAt = new Map<NodeId, number>();
  #calmSince = Infinity;

  observe(observation: Observation, view: SwarmView, complain: Complain): void {
    switch (observation.kind) {
      case 'healed':
        this.#calmSince = observation.at;
        break;
      case 'started':
        this.#receivedAt.delete(observation.node);
        break;
      case 'received':
        this.#received(observation, view);
        break;
      case 'endClosed':
        this.#answeredAt.delete(observation.end);
        break;
      case 'told':
        if (observation.event.kind === 'storageFailed') this.#diskFailedAt.set(observation.node, observation.at);
        break;
      case 'second':
        if (observation.at - this.#calmSince >= PATIENCE_MS) this.#second(observation, view, complain);
        break;
      case 'stored':
      case 'endOpened':
      case 'shookHands':
      case 'sent':
      case 'completed':
      case 'killed':
      case 'stopped':
      case 'ended':
        break;
    }
  }

  #second({ at, nodes }: Extract<Observation, { kind: 'second' }>, view: SwarmView, complain: Complain): void {
    const frozen = new Set(nodes.filter(({ isPaused }) => isPaused).map(({ node }) => node));
    for (const node of view.nodes.values()) {
      const isPausing = at - (this.#diskFailedAt.get(node.node) ?? -Infinity) < PATIENCE_MS;
      if (node.isHonest && !frozen.has(node.node) && !isPausing) this.#checkNode(node, at, complain);
    }
  }

  #received({ end, at, message }: Extract<Observation, { kind: 'received' }>, view: SwarmView): void {
    const session = view.sessions.get(end);
    if (message.type !== 'piece' || session === undefined) return;
    this.#answeredAt.set(end, at);
    const blocks = this.#receivedAt.get(session.node) ?? new Map<string, number>();
    this.#receivedAt.set(session.node, blocks);
    blocks.set(blockName(message), at);
  }

  #checkNode(node: NodeView, at: number, complain: Complain): void {
    for (const session of node.sessions) {
      const answeredAt = Math.max(this.#answeredAt.get(session.end) ?? session.openedAt, session.rejectedAt);
      if (at - answeredAt < PATIENCE_MS) continue;
      for (const [block, [askedAt = at]] of session.asked) {
        const piece = Number(block.split('/')[0]);
        if (at - askedAt < PATIENCE_MS || this.#hasCome(node, { piece, block, askedAt })) continue;
        if (isAskedOfAnother(node, { stuck: session, block, since: at - PATIENCE_MS })) continue;
        const other = idleHolder(node, { stuck: session, piece, at });
        if (other === undefined) continue;
        complain(
          `node ${node.node} waits for ${block} from node ${session.peer ?? '?'} since ${(askedAt / 1_000).toFixed(1)} s, while node ${other.peer ?? '?'} has it and is asked for nothing`,
        );
        return;
      }
    }
  }

  #hasCome(
    { node, pieces }: NodeView,
    { piece, block, askedAt }: { readonly piece: number; readonly block: string; readonly askedAt: number },
  ): boolean {
    return pieces.has(piece) || (this.#receivedAt.get(node)?.get(block) ?? -Infinity) >= askedAt;
  }
}

/** Then it does not stay with the peer, be it that the other answers nothing either. */
function isAskedOfAnother(
  node: NodeView,
  { stuck, block, since }: { readonly stuck: SessionView; readonly block: string; readonly since: number },
): boolean {
  for (const other of node.sessions) {
    if (other !== stuck && (other.asked.get(block)?.at(-1) ?? -Infinity) > since) return true;
  }
  return false;
}

function idleHolder(
  node: NodeView,
  { stuck, piece, at }: { readonly stuck: SessionView; readonly piece: number; readonly at: number },
): SessionView | undefined {
  for (const other of node.sessions) {
    if (other === stuck || !other.isOpen || other.isChokingUs || !other.peerPieces.has(piece)) continue;
    const isNew = at - Math.max(other.unchokedUsAt, other.rejectedAt) < PATIENCE_MS;
    if (!isNew && other.asked.size === 0) return other;
  }
  return undefined;
}

/**
 * `RequestWindow` waits 60 s at the most, and a pause after a failed disk or after rejects is as long; the rest is for looking
 * once a second. A silent peer is dropped after 130 s: with more patience than that nothing would ever be seen.
 */
const PATIENCE_MS = 75_000;
