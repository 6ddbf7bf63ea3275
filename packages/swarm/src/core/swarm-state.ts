import { messageBytes, type Metainfo, type PeerAddress } from '@p2p/wire';

import type { SwarmOptions } from '../swarm-options.js';
import type { BlockScheduler } from './pieces/block-scheduler.js';
import type { CloseReason } from './close-reason.js';
import { Deadlines } from './deadlines.js';
import type { Effect } from './effect.js';
import type { CoreMessage, SessionId } from './input.js';
import type { Payload } from './payload.js';
import type { Random } from './random.js';
import { RateMeter } from './rate-meter.js';
import { Session, type SessionOrigin } from './session.js';

/** Who we are in this swarm. */
export interface SwarmIdentity {
  readonly infoHash: Uint8Array;
  readonly peerId: Uint8Array;
  /** Our listening port, as peers may dial it; undefined while we do not listen. */
  listenPort: number | undefined;
}

/** What there is to share: known from the moment storage is attached. */
export interface Content {
  readonly metainfo: Metainfo;
  readonly scheduler: BlockScheduler;
}

/**
 * What the parts of one swarm's core have in common: its sessions, the effects that wait to be polled, the time of the
 * input being handled. It decides nothing.
 */
export class SwarmState<P extends Payload> {
  readonly identity: SwarmIdentity;
  readonly random: Random;
  readonly options: SwarmOptions;
  readonly sessions = new Map<SessionId, Session>();
  readonly deadlines = new Deadlines();
  readonly downMeter = new RateMeter();
  readonly upMeter = new RateMeter();
  /** Sessions whose interest, requests or uploads must be looked at before the next input. */
  readonly dirty = new Set<Session>();
  /** Sessions that were closed and not yet cleared away by the parts. */
  readonly closed: Session[] = [];
  /** Time of the input being handled. */
  now = 0;
  content: Content | undefined;
  /** Received bytes that were of no use: duplicates, late blocks, corrupt pieces. */
  wastedBytes = 0;
  corruptBytes = 0;
  downloadedBytes = 0;
  uploadedBytes = 0;
  /** Of all sessions together; see there. */
  unflushedBlockBytes = 0;

  /** What waits to be polled, from `#head` to below `#end`. The places are used again: an array a turn would be most of the garbage. */
  readonly #effects: (Effect<P> | undefined)[] = [];
  #head = 0;
  #end = 0;
  #lastSessionId = 0;

  constructor(identity: SwarmIdentity, random: Random, options: SwarmOptions) {
    this.identity = identity;
    this.random = random;
    this.options = options;
  }

  /** Every piece is stored. */
  get isSeeding(): boolean {
    return this.content?.scheduler.isComplete === true;
  }

  newSessionId(): SessionId {
    return ++this.#lastSessionId;
  }

  openSession(id: SessionId, origin: Omit<SessionOrigin, 'now'>): Session {
    const session = new Session(id, { ...origin, now: this.now }, this.options);
    this.sessions.set(id, session);
    this.deadlines.arm(id, this.now + this.options.handshakeTimeoutMs);
    return session;
  }

  emit(effect: Effect<P>): void {
    this.#effects[this.#end++] = effect;
  }

  takeEffect(): Effect<P> | undefined {
    if (this.#head === this.#end) return undefined;
    const effect = this.#effects[this.#head];
    this.#effects[this.#head] = undefined;
    this.#head += 1;
    if (this.#head === this.#end) {
      this.#head = 0;
      this.#end = 0;
    }
    return effect;
  }

  send(session: Session, message: CoreMessage<P>): void {
    session.lastSentAt = this.now;
    if (session.unflushedBytes === 0) session.lastFlushedAt = this.now;
    if (message.type === 'piece') {
      session.unflushedBytes += PIECE_HEADER_BYTES + message.data.length;
      this.#holdsBlocks(session, session.unflushedBytes);
    } else session.unflushedBytes += messageBytes(message);
    this.emit({ kind: 'send', session: session.id, message });
  }

  /** So many bytes of a connection are on the network. */
  flushed(session: Session, bytes: number): void {
    session.lastFlushedAt = this.now;
    session.flushMeter.add(this.now, bytes);
    session.unflushedBytes = Math.max(0, session.unflushedBytes - bytes);
    this.#holdsBlocks(session, Math.max(0, session.unflushedBlockBytes - bytes));
  }

  #holdsBlocks(session: Session, bytes: number): void {
    this.unflushedBlockBytes += bytes - session.unflushedBlockBytes;
    session.unflushedBlockBytes = bytes;
  }

  /** Ends a session. The parts clear away what they hold of it when `closed` is worked off. */
  close(session: Session, reason: CloseReason): void {
    if (session.state === 'closed') return;
    const wasOpen = session.isOpen;
    session.end(reason);
    this.sessions.delete(session.id);
    this.dirty.delete(session);
    session.unflushedBytes = 0;
    this.#holdsBlocks(session, 0);
    this.deadlines.disarm(session.id);
    this.closed.push(session);
    this.emit({ kind: 'close', session: session.id, reason });
    if (wasOpen) this.publishClosed(session, reason);
  }

  violation(session: Session, detail: string): void {
    this.close(session, { party: 'them', code: 'violation', detail });
  }

  openSessions(): Session[] {
    return [...this.sessions.values()].filter((session) => session.isOpen);
  }

  /** Open sessions. */
  get linkCount(): number {
    let count = 0;
    for (const session of this.sessions.values()) if (session.isOpen) count += 1;
    return count;
  }

  /** Dials under way, as far as the connection. */
  get dialingCount(): number {
    let count = 0;
    for (const session of this.sessions.values()) if (session.state === 'connecting') count += 1;
    return count;
  }

  /** With fewer links than this, half of those we aim at, a node looks for more in haste (simulation.md, C.3: 20 of 40). */
  get fewLinks(): number {
    return Math.ceil(Math.min(this.options.targetPeers, this.options.maxPeers) / 2);
  }

  /** With more links than this, half more than we aim at, some are given up (simulation.md, C.3: 60 to 80). */
  get manyLinks(): number {
    return Math.min(Math.floor(this.options.targetPeers * 1.5), this.options.maxPeers);
  }

  /** The best address of a peer that we have: one that can be dialled, where known. */
  addressOf(session: Session): PeerAddress {
    return session.listenAddress ?? session.remote;
  }

  private publishClosed(session: Session, reason: CloseReason): void {
    const event = { kind: 'peerClosed', address: session.remote, client: session.client, reason } as const;
    this.emit({ kind: 'publish', event });
  }
}

/** Length prefix, id, piece, begin (BEP 3, piece). */
const PIECE_HEADER_BYTES = 13;
