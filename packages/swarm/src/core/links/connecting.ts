import { describeClient, samePeerAddress, type Handshake, type PeerAddress, type PexPeer, sameBytes } from '@p2p/wire';

import { banScope } from '../addresses/ban-list.js';
import type { CloseReason } from '../close-reason.js';
import { DEADLINE } from '../deadline-keys.js';
import { isSelfConnection, type RivalConnection, survivor } from './duplicate-connection.js';
import type { SessionId } from '../input.js';
import type { Payload } from '../payload.js';
import { OwnAddressVote } from '../addresses/own-address.js';
import { PeerBook, type AddressSource } from '../addresses/peer-book.js';
import { linkEndOf, type Surroundings } from './link-end.js';
import type { PexReport } from '../extensions/peer-exchange.js';
import type { Session, SessionOrigin } from '../session.js';
import type { SwarmState } from '../swarm-state.js';
import { TokenBucket } from '../token-bucket.js';
import { Upkeep } from './upkeep.js';

/** Whom to dial, whom to admit, which of two connections stays, who was silent for too long. */
export class Connecting<P extends Payload> {
  readonly book: PeerBook;
  readonly #state: SwarmState<P>;
  readonly #upkeep: Upkeep<P>;
  readonly #ownAddress = new OwnAddressVote();
  /** A seed that has met another dials at this pace: where there are two there may be a thousand. */
  readonly #amongSeedsPace = new TokenBucket(DIALS_AMONG_SEEDS_PER_SECOND, 1);
  #hasMetSeed = false;
  #isStopped = false;

  constructor(state: SwarmState<P>) {
    this.#state = state;
    this.book = new PeerBook(state.random, state.options.maxKnownAddresses);
    this.#upkeep = new Upkeep(state, this.book, (address) => {
      this.#dialTo(address);
    });
  }

  addPeers(addresses: readonly PeerAddress[], source: 'told' | 'cache'): void {
    for (const address of addresses) this.book.add(address, { kind: source }, this.#state.now);
    if (source === 'cache') for (const address of addresses.slice(0, ANCHORS)) this.book.markAnchor(address);
    this.#upkeep.start();
    this.dial();
  }

  /** Returns whether much of it was news. */
  learnt(from: Session, { peers, dropped }: PexReport): boolean {
    if (peers.length > 0) from.hasToldUs = true;
    const newsBefore = this.book.newsCount;
    const source = this.#state.addressOf(from);
    for (const address of dropped) this.book.withdraw(address, source);
    // One object for all of a message that have the same flags: the book keeps it with each address.
    let told: Extract<AddressSource, { kind: 'pex' }> = { kind: 'pex', from: source, flags: 0 };
    for (const { address, flags } of peers) {
      if (flags !== told.flags) told = { kind: 'pex', from: source, flags };
      this.book.add(address, told, this.#state.now);
    }
    this.dial();
    return this.book.newsCount - newsBefore >= MUCH_NEWS;
  }

  /** Up to so many peers whom we can vouch for, but not the session's own. */
  acquaintances(session: Session, count: number): PexPeer[] {
    const itself = this.#state.addressOf(session);
    return this.book.acquaintances(count, this.#state.now).filter(({ address }) => !samePeerAddress(address, itself));
  }

  /** We know of fewer peers than we want links to. */
  get isInNeed(): boolean {
    return this.book.size < this.#state.options.targetPeers;
  }

  /** What keeps the overlay whole, when it is due. */
  keepUp(): void {
    this.#upkeep.due();
  }

  /** Dials while there are places, candidates, and the pace allows it. */
  dial(): void {
    const state = this.#state;
    if (this.#isStopped) return;
    const isAmongSeeds = state.isSeeding && this.#hasMetSeed;
    for (let room = this.#dialRoom(); room > 0; room -= 1) {
      if (isAmongSeeds && this.#amongSeedsPace.available(state.now) < 1) {
        state.deadlines.arm(DEADLINE.dial, this.#amongSeedsPace.readyAt(state.now, 1));
        break;
      }
      const address = this.book.nextDial(state.now, { skipSeeds: state.isSeeding });
      if (address === undefined) break;
      if (isAmongSeeds) this.#amongSeedsPace.take(state.now, 1);
      this.#dialTo(address);
    }
    state.deadlines.arm(DEADLINE.dial, this.book.nextWakeup(state.now));
  }

  connected(session: Session): void {
    session.advance('connected');
    session.connectedAt = this.#state.now;
    this.#state.deadlines.arm(session.id, this.#state.now + this.#state.options.handshakeTimeoutMs);
    this.#sendHandshake(session);
  }

  /** A peer dialled us. Returns its session if it may stay. */
  accepted(id: SessionId, remote: PeerAddress): Session | undefined {
    const state = this.#state;
    const isCrowded = this.book.links.isCrowded(remote.host);
    const session = this.#open(id, { isOutgoing: false, remote });
    if (this.#isStopped) state.close(session, { party: 'us', code: 'stopped', detail: '' });
    else if (this.book.isBanned(remote, state.now)) state.close(session, { party: 'us', code: 'banned', detail: '' });
    else if (isCrowded || !this.#hasRoomFor()) state.close(session, { party: 'us', code: 'tooManyPeers', detail: '' });
    return session.state === 'closed' ? undefined : session;
  }

  /** Judges the peer's handshake; true when the session is open. */
  shookHands(session: Session, handshake: Handshake): boolean {
    const state = this.#state;
    if (!sameBytes(handshake.infoHash, state.identity.infoHash)) {
      state.violation(session, 'the handshake names another torrent than the one we asked for');
      return false;
    }
    session.peerId = handshake.peerId;
    session.client = describeClient(handshake.peerId);
    session.supportsFast = handshake.supportsFast;
    session.supportsExtended = handshake.supportsExtended;
    if (!this.#isWelcome(session)) return false;
    session.advance('accepted');
    session.shookHandsAt = state.now;
    session.lastReceivedAt = state.now;
    if (session.isOutgoing) this.book.connected(session.remote, state.now);
    else this.#sendHandshake(session);
    state.deadlines.arm(session.id, this.nextCheck(session));
    this.#upkeep.start();
    this.#upkeep.shed();
    state.emit({
      kind: 'publish',
      event: { kind: 'peerConnected', address: session.remote, client: session.client },
    });
    return true;
  }

  /** The peer told where it can be dialled. */
  introduced(session: Session): void {
    const { now } = this.#state;
    if (session.isOutgoing || session.listenAddress === undefined) return;
    // Behind one host may be many peers, so a ban may show only now that the peer told its port.
    if (this.book.isBanned(session.listenAddress, now)) {
      this.#state.close(session, { party: 'us', code: 'banned', detail: '' });
      return;
    }
    if (this.book.add(session.listenAddress, { kind: 'incoming' }, now))
      this.book.connected(session.listenAddress, now);
  }

  /** What a peer believes our address to be (BEP 10, `yourip`): enough votes of it give BEP 40 its order. */
  seenAs(voter: Session, address: Uint8Array): void {
    const host = this.#ownAddress.add(this.#state.addressOf(voter), address);
    const port = this.#state.identity.listenPort;
    if (host !== undefined && port !== undefined) this.book.setOwnAddress({ host, port });
  }

  /**
   * Ends sessions in which neither side wants anything (BEP 21); when both are complete, that is all of them.
   *
   * Not before they had the time to tell each other whom they know: of a second seeder that knows only the first nobody else
   * would ever hear.
   */
  dropUseless(session: Session): void {
    const { now, isSeeding, content, deadlines } = this.#state;
    if (!session.isOpen || !isSeeding || !session.isUploadOnly) return;
    this.#hasMetSeed = true;
    if (session.listenAddress !== undefined) this.book.markSeed(session.listenAddress, now);
    const partsAt = content?.metainfo.isPrivate === true ? now : session.shookHandsAt + MEETING_MS;
    if (now < partsAt) {
      deadlines.arm(session.id, partsAt);
      return;
    }
    this.#state.close(session, { party: 'us', code: 'uploadOnly', detail: '' });
  }

  /** Ends what we have with whoever belongs to this scope (see `banScope`), and keeps it out for a while. */
  banned(scope: string): void {
    const state = this.#state;
    this.book.ban(scope, state.now);
    for (const session of [...state.sessions.values()]) {
      const listenScope = banScope(state.addressOf(session));
      // A peer that dialled us was known by the port it dialled from, before it told where it listens.
      if (banScope(session.remote) !== scope && listenScope !== scope) continue;
      if (listenScope !== scope) this.book.ban(listenScope, state.now);
      state.close(session, { party: 'us', code: 'banned', detail: '' });
    }
  }

  /** What is due in one session: its end when it was silent for too long, a keep-alive when we were. */
  check(session: Session): void {
    const state = this.#state;
    const { now, options } = state;
    const reason = this.#overdue(session);
    if (reason !== undefined) {
      state.close(session, reason);
      return;
    }
    this.dropUseless(session);
    if (session.state === 'closed') return;
    if (session.isOpen && now - session.lastSentAt >= options.keepAliveMs) state.send(session, { type: 'keepAlive' });
    // A sum and a difference of the same floating-point times may disagree by a hair: never look twice at one instant.
    state.deadlines.arm(session.id, Math.max(this.nextCheck(session), now + MIN_CHECK_INTERVAL_MS));
  }

  /**
   * When anything is due in a session, as things stand. All of it: a key has one deadline, and whatever comes first makes us look
   * here for the rest.
   */
  nextCheck(session: Session): number {
    const { now, options } = this.#state;
    if (session.state === 'connecting') return session.openedAt + DIAL_TIMEOUT_MS + options.handshakeTimeoutMs;
    if (!session.isOpen) return session.connectedAt + options.handshakeTimeoutMs;
    const idleAt = session.lastReceivedAt + options.idleTimeoutMs;
    const stalledAt = session.unflushedBytes > 0 ? session.lastFlushedAt + STALL_TIMEOUT_MS : Infinity;
    const requestsAt = session.window.nextDeadline() ?? Infinity;
    const pauseEndsAt = Math.min(ifAhead(session.requestsPausedUntil, now), ifAhead(session.favoursFrom, now));
    return Math.min(idleAt, stalledAt, requestsAt, pauseEndsAt, session.lastSentAt + options.keepAliveMs);
  }

  closed(session: Session): void {
    const { now } = this.#state;
    this.book.links.closed(session.remote.host);
    const address = session.listenAddress;
    if (address !== undefined && !this.#isHeldByAnother(session, address)) {
      if (session.peerId === undefined) this.book.dialFailed(address, now);
      else this.book.disconnected(address, now, linkEndOf(session, this.#surroundings));
    }
    this.dial();
  }

  stop(): void {
    this.#isStopped = true;
    this.#state.deadlines.disarm(DEADLINE.dial);
    this.#upkeep.stop();
    for (const session of [...this.#state.sessions.values()]) {
      this.#state.close(session, { party: 'us', code: 'stopped', detail: '' });
    }
  }

  #dialTo(address: PeerAddress): void {
    const session = this.#open(this.#state.newSessionId(), { isOutgoing: true, remote: address });
    this.#state.emit({ kind: 'dial', session: session.id, address });
  }

  /** `closed` follows for every session that was opened here. */
  #open(id: SessionId, origin: Omit<SessionOrigin, 'now'>): Session {
    this.book.links.opened(origin.remote.host);
    return this.#state.openSession(id, origin);
  }

  /** How many dials may be begun: towards the links we aim at, and towards dialling half of them ourselves. */
  #dialRoom(): number {
    const { options, sessions, fewLinks, manyLinks } = this.#state;
    let dialing = 0;
    let outgoing = 0;
    for (const session of sessions.values()) {
      if (session.isOutgoing) outgoing += 1;
      if (session.state === 'connecting') dialing += 1;
    }
    const missing = Math.min(options.targetPeers, options.maxPeers) - sessions.size;
    const missingOfOurs = Math.min(fewLinks - outgoing, manyLinks - sessions.size);
    const limit = sessions.size - dialing < fewLinks ? options.maxDialing : Math.min(options.maxDialing, EASY_DIALING);
    return Math.min(limit - dialing, Math.max(missing, missingOfOurs));
  }

  /** A newcomer, counted already, finds a place: a free one, that of a dial, or another's. */
  #hasRoomFor(): boolean {
    return this.#state.sessions.size <= this.#state.options.maxPeers || this.#abandonDial() || this.#upkeep.makeRoom();
  }

  /** Who came is worth more than who may never answer: the dial that waits longest is given up. */
  #abandonDial(): boolean {
    for (const session of this.#state.sessions.values()) {
      if (session.state !== 'connecting') continue;
      this.#state.close(session, { party: 'us', code: 'tooManyPeers', detail: '' });
      return true;
    }
    return false;
  }

  get #surroundings(): Surroundings {
    const { now, linkCount, fewLinks } = this.#state;
    return { now, linkCount, fewLinks, knownCount: this.book.size };
  }

  /** Of two connections to one peer the one that stays holds the address; the other must not give it free. */
  #isHeldByAnother(session: Session, address: PeerAddress): boolean {
    for (const other of this.#state.sessions.values()) {
      if (other !== session && other.listenAddress !== undefined && samePeerAddress(other.listenAddress, address))
        return true;
    }
    return false;
  }

  #sendHandshake(session: Session): void {
    const { infoHash, peerId } = this.#state.identity;
    const handshake = { infoHash, peerId, supportsExtended: true, supportsFast: true, supportsDht: false };
    this.#state.emit({ kind: 'sendHandshake', session: session.id, handshake });
  }

  #isWelcome(session: Session): boolean {
    const state = this.#state;
    const { peerId } = session;
    if (peerId === undefined) return false;
    const ends = { ourId: state.identity.peerId, theirId: peerId };
    if (isSelfConnection(ends)) {
      // Only the end that dialled knows under which address, so it has to see who answers.
      if (session.isOutgoing) this.book.markSelf(session.remote);
      else this.#sendHandshake(session);
      state.close(session, { party: 'us', code: 'self', detail: '' });
      return false;
    }
    for (const other of state.sessions.values()) {
      if (other === session || !other.isOpen || other.peerId === undefined || !sameBytes(other.peerId, peerId))
        continue;
      const survives = survivor(ends, rivalOf(other), rivalOf(session));
      if (survives === 'newcomer') this.#replace(other, session);
      if (survives === 'existing') {
        this.#replace(session, other);
        return false;
      }
    }
    return true;
  }

  /** Of two connections to one peer the one that loses is closed. */
  #replace(loser: Session, stays: Session): void {
    // Whoever stays inherits the address, so that it is not dialled again; but every peer learns the ids of others, so only
    // what is told from the same host is believed.
    if (loser.listenAddress?.host === stays.remote.host) stays.listenAddress ??= loser.listenAddress;
    this.#state.close(loser, { party: 'us', code: 'duplicate', detail: '' });
  }

  #overdue(session: Session): CloseReason | undefined {
    const { now, options } = this.#state;
    if (!session.isOpen) {
      return now >= this.nextCheck(session) ? { party: 'timeout', code: 'handshake', detail: '' } : undefined;
    }
    if (now - session.lastReceivedAt >= options.idleTimeoutMs) return { party: 'timeout', code: 'idle', detail: '' };
    const isStalled = session.unflushedBytes > 0 && now - session.lastFlushedAt >= STALL_TIMEOUT_MS;
    return isStalled ? { party: 'timeout', code: 'stalled', detail: '' } : undefined;
  }
}

function rivalOf({ isOutgoing, remote }: Session): RivalConnection {
  return { isOutgoing, host: remote.host };
}

function ifAhead(at: number, now: number): number {
  return at > now ? at : Infinity;
}

/** Dials under way at once while there are links enough to choose at leisure. */
const EASY_DIALING = 4;
/**
 * When a crowd has finished, each seed would else dial all others to learn that they are seeds: of 200 peers in virtual time,
 * 18,000 connections. Leechers look for seeds by themselves.
 */
const DIALS_AMONG_SEEDS_PER_SECOND = 1;
/** Of remembered addresses the first ones, those we were linked to longest. */
const ANCHORS = 3;
/** New addresses in one message that make it worth to ask around soon. */
const MUCH_NEWS = 16;
/** Two seeders talk for so long: both extended handshakes and first messages of peer exchange, over a slow way. */
const MEETING_MS = 3_000;
const MIN_CHECK_INTERVAL_MS = 1;
/** libtorrent: 15 s. */
const DIAL_TIMEOUT_MS = 15_000;
/** A peer that takes nothing of what we sent for this long is gone, whatever TCP believes (protocol facts, D2 row 10). */
const STALL_TIMEOUT_MS = 60_000;
