import { WireError, type Bitfield, type Handshake, type Metainfo, type PeerAddress } from '@p2p/wire';

import type { SwarmOptions } from '../swarm-options.js';
import { BlockScheduler } from './pieces/block-scheduler.js';
import { Connecting } from './links/connecting.js';
import { DEADLINE } from './deadline-keys.js';
import { Downloading } from './downloading/downloading.js';
import type { Effect } from './effect.js';
import { Extending } from './extensions/extending.js';
import type { CoreMessage, Input, SessionId } from './input.js';
import type { Payload } from './payload.js';
import type { PieceClaim } from './pieces/peer-pieces.js';
import type { Random } from './random.js';
import type { Session } from './session.js';
import { swarmStatus, type SwarmStatus } from './swarm-status.js';
import { SwarmState, type SwarmIdentity } from './swarm-state.js';
import { Uploading } from './uploading/uploading.js';

/** What concerns one session that exists already. */
type SessionInput<P extends Payload> = Exclude<Extract<Input<P>, { session: SessionId }>, { kind: 'accepted' }>;

/**
 * One torrent's swarm as a machine: it is told what happened and when, and polled for what to do.
 *
 * - `handle(input, now)` takes one input. Several may follow each other before the next `poll` (all messages of a chunk).
 * - `poll()` gives the next effect, in the order in which effects must be carried out, until there is none.
 * - `nextWakeup()` then says when to send a `wakeUp` if nothing happens before.
 *
 * It routes; the decisions are in `Connecting`, `Extending`, `Downloading` and `Uploading`. No clock, timer, chance of
 * its own, promise or I/O: the same inputs at the same times with the same `Random` give the same effects.
 */
export class SwarmCore<P extends Payload = Payload> {
  readonly #state: SwarmState<P>;
  readonly #connecting: Connecting<P>;
  readonly #extending: Extending<P>;
  readonly #downloading: Downloading<P>;
  readonly #uploading: Uploading<P>;

  constructor(identity: SwarmIdentity, random: Random, options: SwarmOptions) {
    const state = new SwarmState<P>(identity, random, options);
    this.#state = state;
    this.#connecting = new Connecting(state);
    this.#downloading = new Downloading(state, {
      completed: () => {
        this.#completed();
      },
      arriving: (piece) => {
        this.#uploading.arriving(piece);
      },
      stored: (piece) => {
        this.#uploading.stored(piece);
      },
      missed: (piece) => {
        this.#uploading.missed(piece);
      },
      banned: (scope) => {
        this.#connecting.banned(scope);
      },
    });
    this.#uploading = new Uploading(state, (error) => {
      // What cannot be read may still be written: only a failed write pauses the download.
      state.emit({ kind: 'publish', event: { kind: 'storageFailed', error } });
    });
    this.#extending = new Extending(state, {
      introduced: (session) => {
        this.#connecting.introduced(session);
        this.#connecting.dropUseless(session);
        this.#uploading.introduced(session);
      },
      seenAs: (voter, address) => {
        this.#connecting.seenAs(voter, address);
      },
      acquaintances: (session, count) => this.#connecting.acquaintances(session, count),
      isInNeed: () => this.#connecting.isInNeed,
      learnt: (session, report) => {
        if (this.#connecting.learnt(session, report)) this.#extending.quickenGossip();
      },
      offered: (session, offer) => {
        if (offer.blockCount === 0) this.#uploading.declined(session);
        else this.#downloading.offered(session, offer);
      },
      lost: (session, piece) => {
        this.#lost(session, piece);
      },
      promised: (session, piece) => {
        this.#claimed(session, { type: 'have', piece });
      },
    });
  }

  /** An id for a connection that was accepted, to be used in the `accepted` input. */
  newSessionId(): SessionId {
    return this.#state.newSessionId();
  }

  handle(input: Input<P>, now: number): void {
    this.#state.now = now;
    switch (input.kind) {
      case 'attach':
        this.#attach(input.metainfo, input.have);
        break;
      case 'addPeers':
        this.#connecting.addPeers(input.addresses, input.source);
        break;
      case 'wakeUp':
        this.#wakeUp();
        break;
      case 'pieceCommitted':
        this.#downloading.committed(input.piece, input.outcome);
        break;
      case 'accepted':
        this.#accepted(input.session, input.remote, input.handshake);
        break;
      case 'stop':
        this.#connecting.stop();
        break;
      case 'connected':
      case 'handshake':
      case 'message':
      case 'flushed':
      case 'violated':
      case 'lost':
      case 'blockRead':
        this.#handleOfSession(input);
        break;
    }
  }

  poll(): Effect<P> | undefined {
    for (;;) {
      const effect = this.#state.takeEffect();
      if (effect !== undefined) return effect;
      if (!this.#settle()) return undefined;
    }
  }

  /** When to send `wakeUp`, if nothing happens before. */
  nextWakeup(): number | undefined {
    return this.#state.deadlines.next();
  }

  status(now: number): SwarmStatus {
    return swarmStatus(this.#state, this.#connecting.book, now);
  }

  /** Addresses worth keeping across restarts, best first. */
  knownPeers(): PeerAddress[] {
    return this.#connecting.book.snapshot();
  }

  #handleOfSession(input: SessionInput<P>): void {
    const session = this.#state.sessions.get(input.session);
    // What still arrives for a session that we closed concerns nobody.
    if (session === undefined) return;
    switch (input.kind) {
      case 'connected':
        this.#connecting.connected(session);
        break;
      case 'handshake':
        if (this.#connecting.shookHands(session, input.handshake)) this.#opened(session);
        break;
      case 'message':
        this.#message(session, input.message);
        break;
      case 'flushed':
        this.#uploading.flushed(session, input.bytes);
        break;
      case 'blockRead':
        this.#uploading.blockRead(session, input.block, input.outcome);
        break;
      case 'violated':
        this.#state.violation(session, input.detail);
        break;
      case 'lost':
        this.#state.close(session, {
          party: 'transport',
          code: session.state === 'connecting' ? 'dialFailed' : 'lost',
          detail: input.detail,
        });
        break;
    }
  }

  #accepted(id: SessionId, remote: PeerAddress, handshake: Handshake): void {
    const session = this.#connecting.accepted(id, remote);
    if (session !== undefined && this.#connecting.shookHands(session, handshake)) this.#opened(session);
  }

  /** Says what we have, as the first message (BEP 3; with BEP 6 even when it is nothing), then who we are. */
  #opened(session: Session): void {
    const have = this.#state.content?.scheduler.have;
    if (session.supportsFast && have?.isFull === true) this.#state.send(session, { type: 'haveAll' });
    else if (have !== undefined && !have.isEmpty) this.#state.send(session, { type: 'bitfield', bits: have.toWire() });
    else if (session.supportsFast) this.#state.send(session, { type: 'haveNone' });
    this.#extending.opened(session);
    this.#uploading.opened(session);
  }

  #message(session: Session, message: CoreMessage<P>): void {
    session.lastReceivedAt = this.#state.now;
    if (!session.isOpen) return;
    const isNews = message.type === 'have' && session.pieces.known?.has(message.piece) !== true;
    if (!session.flood.admits(message.type, isNews, this.#state.now)) {
      this.#state.violation(session, 'a flood of control messages');
      return;
    }
    try {
      this.#route(session, message);
    } catch (error) {
      // Bytes of a peer may end its session, never more; whatever else is thrown is our bug and goes up.
      if (!(error instanceof WireError)) throw error;
      this.#state.violation(session, error.message);
    }
  }

  #route(session: Session, message: CoreMessage<P>): void {
    switch (message.type) {
      case 'piece':
        this.#downloading.received(session, message);
        break;
      case 'request':
        this.#uploading.requested(session, message);
        break;
      case 'cancel':
        this.#uploading.cancelled(session, message);
        break;
      case 'have':
      case 'bitfield':
      case 'haveAll':
      case 'haveNone':
        this.#claimed(session, message);
        break;
      case 'choke':
        this.#downloading.choked(session);
        break;
      case 'unchoke':
        this.#downloading.unchoked(session);
        break;
      case 'interested':
      case 'notInterested':
        this.#uploading.interestChanged(session, message.type === 'interested');
        break;
      case 'reject':
        this.#downloading.rejected(session, message);
        break;
      case 'allowedFast':
        this.#downloading.allowedFast(session, message.piece);
        break;
      case 'extended':
        this.#extending.received(session, message.extensionId, message.payload);
        break;
      case 'suggest':
        this.#downloading.suggested(session, message.piece);
        break;
      case 'keepAlive':
      case 'port':
      case 'unknown':
        break;
    }
  }

  #claimed(session: Session, claim: PieceClaim): void {
    const countBefore = session.pieces.known?.count;
    this.#downloading.claimed(session, claim);
    const { known } = session.pieces;
    if (claim.type !== 'have' && known !== undefined && countBefore !== undefined) {
      this.#lookedAtAll(session, known.count - countBefore);
    }
    this.#connecting.dropUseless(session);
  }

  #lost(session: Session, piece: number): void {
    const wasSeed = session.pieces.known?.isFull === true;
    this.#downloading.lost(session, piece);
    // Seeds are counted apart (`Availability`): one that is none any more is counted piece by piece.
    if (wasSeed) this.#lookedAtAll(session, 0);
  }

  /** A message took time in proportion to the number of pieces. */
  #lookedAtAll(session: Session, newsCount: number): void {
    const pieceCount = session.pieces.known?.size ?? 0;
    if (session.flood.admitsLookAtAll(pieceCount, newsCount, this.#state.now)) return;
    this.#state.violation(session, 'a flood of messages about all pieces');
  }

  #attach(metainfo: Metainfo, have: Bitfield): void {
    const state = this.#state;
    if (state.content !== undefined) throw new Error('bug: storage was attached already');
    const { order, maxUnverifiedBytes } = state.options;
    const scheduler = new BlockScheduler(metainfo.layout, have, state.random, { order, maxUnverifiedBytes });
    state.content = { metainfo, scheduler };
    this.#extending.attached();
    this.#downloading.attached();
    // Those who met us before we knew the metadata were told that we have nothing.
    for (const session of state.openSessions()) {
      for (const piece of have.indices()) state.send(session, { type: 'have', piece });
      this.#connecting.dropUseless(session);
    }
    this.#connecting.dial();
  }

  #completed(): void {
    this.#state.emit({ kind: 'publish', event: { kind: 'complete' } });
    this.#extending.announceAgain();
    for (const session of this.#state.openSessions()) this.#connecting.dropUseless(session);
  }

  #wakeUp(): void {
    const { deadlines, now } = this.#state;
    const due: number[] = [];
    for (let key = deadlines.takeDue(now); key !== undefined; key = deadlines.takeDue(now)) due.push(key);
    // What becomes due while these are seen to waits for the next wake-up: a session that ended just now is cleared away first.
    for (const key of due) this.#due(key);
  }

  #due(key: number): void {
    switch (key) {
      case DEADLINE.choke:
        this.#uploading.rechoke();
        break;
      case DEADLINE.dial:
        this.#connecting.dial();
        break;
      case DEADLINE.peerExchange:
        this.#extending.exchange();
        break;
      case DEADLINE.gossip:
        this.#extending.gossip();
        break;
      case DEADLINE.upkeep:
        this.#connecting.keepUp();
        break;
      case DEADLINE.metadata:
        this.#extending.requestMetadata();
        break;
      case DEADLINE.uploadLimit:
      case DEADLINE.uploadStall:
        this.#uploading.serve();
        break;
      case DEADLINE.downloadRoom:
        this.#downloading.lookForRoom();
        break;
      case DEADLINE.offers:
        this.#uploading.expireOffers();
        break;
      case DEADLINE.promises:
        this.#uploading.expirePromises();
        break;
      case DEADLINE.downloadLimit:
        this.#downloading.wakeAll();
        break;
      case DEADLINE.retryStorage:
        this.#downloading.retryStorage();
        break;
      default:
        this.#checkSession(key);
    }
  }

  #checkSession(id: SessionId): void {
    const session = this.#state.sessions.get(id);
    if (session === undefined) return;
    if (session.isOpen) {
      this.#downloading.expire(session);
      this.#state.dirty.add(session);
    }
    this.#connecting.check(session);
  }

  /** Works off what the last inputs left behind; true if there was anything. */
  #settle(): boolean {
    const state = this.#state;
    const closed = state.closed.pop();
    if (closed !== undefined) {
      this.#downloading.closed(closed);
      this.#uploading.closed(closed);
      this.#extending.closed(closed);
      this.#connecting.closed(closed);
      return true;
    }
    if (state.dirty.size === 0) return this.#downloading.discardEmptied() || this.#uploading.offer();
    const sessions = [...state.dirty];
    state.dirty.clear();
    for (const session of sessions) {
      if (!session.isOpen) continue;
      this.#downloading.refresh(session);
    }
    this.#uploading.serve();
    return true;
  }
}
