import type { EndId, NodeId, NodeLimits, Observation } from './observation.js';
import { SessionView } from './session-view.js';

/** What is common knowledge among the checkers: who lives, what each node has, who is joined to whom. */
export class SwarmView {
  readonly pieceCount: number;
  readonly nodes = new Map<NodeId, NodeView>();
  /** Ends of connections that are there, open or on their way to be. */
  readonly sessions = new Map<EndId, SessionView>();
  /** When any node last sent a block, in ms. */
  lastPieceAt = -Infinity;
  readonly #nodeByHost = new Map<string, NodeId>();
  readonly #dishonest = new Set<NodeId>();

  constructor(pieceCount: number) {
    this.pieceCount = pieceCount;
  }

  /** The node at an address, dead or alive: every node of these worlds has a host of its own. */
  nodeOfHost(host: string): NodeId | undefined {
    return this.#nodeByHost.get(host);
  }

  /** It ran our code on an honest disk, every time it was started. */
  wasHonest(node: NodeId): boolean {
    return !this.#dishonest.has(node);
  }

  sessionsOf(node: NodeId): readonly SessionView[] {
    return [...(this.nodes.get(node)?.sessions ?? [])];
  }

  take(observation: Observation): void {
    switch (observation.kind) {
      case 'started': {
        const { node, address, isHonest, have, limits } = observation;
        this.#nodeByHost.set(address.host, node);
        if (!isHonest) this.#dishonest.add(node);
        this.nodes.set(node, {
          node,
          isHonest,
          limits,
          pieces: new Set(have),
          sessions: new Set(),
          startedAt: observation.at,
        });
        break;
      }
      case 'stored':
        this.nodes.get(observation.node)?.pieces.add(observation.piece);
        break;
      case 'endOpened':
        this.#opened(new SessionView(observation, this.pieceCount));
        break;
      case 'shookHands':
        this.#shookHands(observation);
        break;
      case 'sent':
        this.sessions.get(observation.end)?.sent(observation.message, observation.at);
        if (observation.message.type === 'piece') this.lastPieceAt = observation.at;
        break;
      case 'received':
        this.sessions.get(observation.end)?.received(observation.message, observation.at);
        break;
      case 'endClosed':
        this.#closed(observation.end);
        break;
      case 'killed':
      case 'stopped':
        this.#gone(observation.node);
        break;
      case 'told':
      case 'completed':
      case 'second':
      case 'healed':
      case 'ended':
        break;
    }
  }

  #opened(session: SessionView): void {
    this.sessions.set(session.end, session);
    this.nodes.get(session.node)?.sessions.add(session);
  }

  #shookHands({ end, handshake }: Extract<Observation, { kind: 'shookHands' }>): void {
    const session = this.sessions.get(end);
    if (session === undefined) return;
    session.peerId = handshake.peerId;
    session.supportsFast = handshake.supportsFast;
  }

  #closed(end: EndId): void {
    const session = this.sessions.get(end);
    if (session === undefined) return;
    this.sessions.delete(end);
    this.nodes.get(session.node)?.sessions.delete(session);
  }

  #gone(node: NodeId): void {
    for (const session of this.nodes.get(node)?.sessions ?? []) this.sessions.delete(session.end);
    this.nodes.delete(node);
  }
}

/** One living node. */
export interface NodeView {
  readonly node: NodeId;
  readonly isHonest: boolean;
  readonly limits: NodeLimits;
  /** Pieces that its storage has, as storage said. */
  readonly pieces: Set<number>;
  readonly sessions: Set<SessionView>;
  readonly startedAt: number;
}
