import { createPeerId, describeClient, samePeerAddress, type Handshake, type PeerAddress } from '@p2p/wire';

import type { CloseReason } from './close-reason.js';
import { DEADLINE } from './deadline-keys.js';
import { isSelfConnection, survivor } from './duplicate-connection.js';
import type { SessionId } from './input.js';
import type { Payload } from './payload.js';
import { OwnAddressVote } from './own-address.js';
import { PeerBook } from './peer-book.js';
import type { PexReport } from './peer-exchange.js';
import type { Session } from './session.js';
import type { SwarmState } from './swarm-state.js';

/** Whom to dial, whom to admit, which of two connections stays, who was silent for too long. */
export class Connecting<P extends Payload> {
  readonly book: PeerBook;
  readonly #state: SwarmState<P>;
  readonly #ownAddress = new OwnAddressVote();
  #isStopped = false;

  constructor(state: SwarmState<P>) {
    this.#state = state;
    this.book = new PeerBook(state.random);
  }

  addPeers(addresses: readonly PeerAddress[], source: 'told' | 'cache'): void {
    for (const address of addresses) this.book.add(address, { kind: source }, this.#state.now);
    this.dial();
  }

  learnt(from: Session, { peers, dropped }: PexReport): void {
    const source = this.#state.addressOf(from);
    for (const address of dropped) this.book.withdraw(address, source);
    for (const { address, flags } of peers)
      this.book.add(address, { kind: 'pex', from: source, flags }, this.#state.now);
    this.dial();
  }

  /** Dials while there are places, candidates, and the pace allows it. */
  dial(): void {
    const state = this.#state;
    const { options, now } = state;
    if (this.#isStopped) return;
    let dialing = 0;
    for (const session of state.sessions.values()) if (session.state === 'connecting') dialing += 1;
    let room = Math.min(
      options.maxDialing - dialing,
      Math.min(options.targetPeers, options.maxPeers) - state.sessions.size,
    );
    for (; room > 0; room -= 1) {
      const address = this.book.nextDial(now, { skipSeeds: state.isSeeding });
      if (address === undefined) break;
      const session = state.openSession(state.newSessionId(), { isOutgoing: true, remote: address });
      state.emit({ kind: 'dial', session: session.id, address });
    }
    state.deadlines.arm(DEADLINE.dial, this.book.nextWakeup(now));
  }

  connected(session: Session): void {
    session.advance('connected');
    this.#state.deadlines.arm(session.id, this.#state.now + this.#state.options.handshakeTimeoutMs);
    this.#sendHandshake(session);
  }

  /** A peer dialled us. Returns its session if it may stay. */
  accepted(id: SessionId, remote: PeerAddress): Session | undefined {
    const state = this.#state;
    const session = state.openSession(id, { isOutgoing: false, remote });
    if (this.#isStopped) state.close(session, { party: 'us', code: 'stopped', detail: '' });
    else if (this.book.isBanned(remote, state.now)) state.close(session, { party: 'us', code: 'banned', detail: '' });
    else if (state.sessions.size > state.options.maxPeers)
      state.close(session, { party: 'us', code: 'tooManyPeers', detail: '' });
    return session.state === 'closed' ? undefined : session;
  }

  /** Judges the peer's handshake; true when the session is open. */
  shookHands(session: Session, handshake: Handshake): boolean {
    const state = this.#state;
    if (!isSame(handshake.infoHash, state.identity.infoHash)) {
      state.violation(session, 'the handshake names another torrent than the one we asked for');
      return false;
    }
    session.peerId = handshake.peerId;
    session.client = describeClient(handshake.peerId);
    session.isOwnKind = isSame(handshake.peerId.subarray(0, 3), OWN_PREFIX);
    session.supportsFast = handshake.supportsFast;
    session.supportsExtended = handshake.supportsExtended;
    if (!this.#isWelcome(session)) return false;
    session.advance('accepted');
    session.lastReceivedAt = state.now;
    if (session.isOutgoing) this.book.connected(session.remote, state.now);
    else this.#sendHandshake(session);
    state.deadlines.arm(session.id, this.nextCheck(session));
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
    const host = this.#ownAddress.add(voter.remote.host, address);
    const port = this.#state.identity.listenPort;
    if (host !== undefined && port !== undefined) this.book.setOwnAddress({ host, port });
  }

  /** Ends sessions in which neither side wants anything (BEP 21); when both are complete, that is all of them. */
  dropUseless(session: Session): void {
    if (!session.isOpen || !this.#state.isSeeding || !session.isUploadOnly) return;
    if (session.listenAddress !== undefined) this.book.markSeed(session.listenAddress);
    this.#state.close(session, { party: 'us', code: 'uploadOnly', detail: '' });
  }

  /** Ends what we have with the peer at this address, and keeps it out for a while. */
  banned(address: PeerAddress): void {
    this.book.ban(address, this.#state.now);
    for (const session of this.#state.openSessions()) {
      if (!samePeerAddress(this.#state.addressOf(session), address)) continue;
      this.#state.close(session, { party: 'us', code: 'banned', detail: '' });
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
    if (session.isOpen && now - session.lastSentAt >= options.keepAliveMs) state.send(session, { type: 'keepAlive' });
    // A sum and a difference of the same floating-point times may disagree by a hair: never look twice at one instant.
    state.deadlines.arm(session.id, Math.max(this.nextCheck(session), now + MIN_CHECK_INTERVAL_MS));
  }

  nextCheck(session: Session): number {
    const { options } = this.#state;
    if (!session.isOpen)
      return session.openedAt + (session.state === 'connecting' ? DIAL_TIMEOUT_MS : 0) + options.handshakeTimeoutMs;
    const idleAt = session.lastReceivedAt + options.idleTimeoutMs;
    const stalledAt = session.unflushedBytes > 0 ? session.lastFlushedAt + STALL_TIMEOUT_MS : Infinity;
    const requestsAt = session.window.nextDeadline() ?? Infinity;
    return Math.min(idleAt, stalledAt, requestsAt, session.lastSentAt + options.keepAliveMs);
  }

  closed(session: Session): void {
    const { now } = this.#state;
    const address = session.listenAddress;
    if (address !== undefined && !this.#isHeldByAnother(session, address)) {
      if (session.peerId === undefined) this.book.dialFailed(address, now);
      else this.book.disconnected(address, now, session.downloadedBytes + session.uploadedBytes > 0);
    }
    this.dial();
  }

  stop(): void {
    this.#isStopped = true;
    this.#state.deadlines.disarm(DEADLINE.dial);
    for (const session of [...this.#state.sessions.values()]) {
      this.#state.close(session, { party: 'us', code: 'stopped', detail: '' });
    }
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
      if (session.isOutgoing) this.book.markSelf(session.remote);
      state.close(session, { party: 'us', code: 'self', detail: '' });
      return false;
    }
    for (const other of state.sessions.values()) {
      if (other === session || !other.isOpen || other.peerId === undefined || !isSame(other.peerId, peerId)) continue;
      const [stays, loser] = survivor(ends, other, session) === 'newcomer' ? [session, other] : [other, session];
      // Whoever stays inherits the address, so that it is not dialled again.
      stays.listenAddress ??= loser.listenAddress;
      state.close(loser, { party: 'us', code: 'duplicate', detail: '' });
      return loser !== session;
    }
    return true;
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

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

/** The first three bytes of our own peer ids, "-PN". */
const OWN_PREFIX = createPeerId(new Uint8Array(12)).subarray(0, 3);
const MIN_CHECK_INTERVAL_MS = 1;
/** libtorrent: 15 s. */
const DIAL_TIMEOUT_MS = 15_000;
/** A peer that takes nothing of what we sent for this long is gone, whatever TCP believes (protocol facts, D2 row 10). */
const STALL_TIMEOUT_MS = 60_000;
