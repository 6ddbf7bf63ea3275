import { decodeGossip, encodeGossip, MAX_GOSSIP_LINKS, type GossipMessage, type PexPeer } from '@p2p/wire';

import { DEADLINE } from '../deadline-keys.js';
import { GossipPace } from './gossip-pace.js';
import { sendExtended, understands } from '../extended-message.js';
import type { Payload } from '../payload.js';
import { believablePeers, type PexReport } from './pex-intake.js';
import type { Session } from '../session.js';
import type { SwarmState } from '../swarm-state.js';

/** What gossip tells and learns. */
export interface GossipListener {
  /** Up to so many peers whom we have met, by lot; never the session's own. */
  acquaintances(session: Session, count: number): readonly PexPeer[];
  /** So few addresses are known that peers must be asked for more at once. */
  isInNeed(): boolean;
  learnt(session: Session, report: PexReport): void;
}

/**
 * The private extension `p2p_gossip`: nodes of our own kind ask each other whom they have met, in a swarm's first minute
 * far more often than BEP 11 lets anybody speak. Wire form and rules are in PROTOCOL.md, 5.5.
 */
export class Gossip<P extends Payload> {
  readonly #state: SwarmState<P>;
  readonly #listener: GossipListener;
  readonly #pace: GossipPace;

  constructor(state: SwarmState<P>, listener: GossipListener) {
    this.#state = state;
    this.#listener = listener;
    this.#pace = new GossipPace(state.random);
  }

  /** An extended handshake of the peer is read; it takes part from the first that names gossip. */
  introduced(session: Session): void {
    if (!understandsGossip(session) || this.#pace.knows(session.id)) return;
    this.#pace.open(session.id, this.#state.now);
    // Who knows nobody to turn to asks everybody it meets.
    if (this.#listener.isInNeed()) this.#send(session, 'ask');
    this.#arm();
  }

  closed(session: Session): void {
    this.#pace.close(session.id);
  }

  /** Asks whoever it is time to ask. */
  ask(): void {
    const id = this.#pace.takeDue(this.#state.now);
    const session = id === undefined ? undefined : this.#state.sessions.get(id);
    if (session?.isOpen === true) this.#send(session, 'ask');
    this.#arm();
  }

  /** Much was news: asks faster for a while. */
  quicken(): void {
    this.#pace.quicken(this.#state.now);
    this.#arm();
  }

  /** @throws {WireError} when the payload breaks the rules; the caller closes the session */
  received(session: Session, payload: Uint8Array): void {
    if (!this.#pace.knows(session.id)) {
      this.#state.violation(session, 'gossip from a peer that never announced it');
      return;
    }
    const message = decodeGossip(payload);
    if (!this.#pace.admits(session.id, this.#state.now)) {
      this.#state.violation(session, 'gossip comes too fast');
      return;
    }
    session.toldLinkCount = message.linkCount;
    this.#listener.learnt(session, {
      kind: 'accepted',
      peers: believablePeers(message.peers, session.remote),
      dropped: [],
    });
    if (message.type !== 'ask' || !session.isOpen || session.unflushedBytes > MAX_BACKLOG_BYTES) return;
    this.#send(session, 'answer');
  }

  #send(session: Session, type: GossipMessage['type']): void {
    if (!understandsGossip(session)) return;
    const isNew = this.#state.now - session.openedAt < NEW_MS;
    const peers = this.#listener.acquaintances(session, type === 'answer' && isNew ? MAX_PEERS_AT_FIRST : MAX_PEERS);
    const linkCount = Math.min(this.#state.linkCount, MAX_GOSSIP_LINKS);
    const payload = encodeGossip({ type, linkCount, peers });
    sendExtended(this.#state, session, 'p2p_gossip', payload);
    if (peers.length > 0) session.hasBeenTold = true;
  }

  #arm(): void {
    this.#state.deadlines.arm(DEADLINE.gossip, this.#pace.nextDeadline());
  }
}

function understandsGossip(session: Session): boolean {
  return understands(session, 'p2p_gossip');
}

/** In one message. */
const MAX_PEERS = 20;
/**
 * In an answer to who has just come: it hears of others by `ut_pex` in the same moment, and the first blocks of a seeder wait behind what it tells
 * everybody. A flash crowd of 400 (S01) has got 0.2 s more of its downlink after 15 s by this.
 */
const MAX_PEERS_AT_FIRST = 3;
const NEW_MS = 5_000;
/** A peer that does not read its answers gets no further ones. */
const MAX_BACKLOG_BYTES = 64 * 1024;
