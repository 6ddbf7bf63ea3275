import { type BlockRef } from '@p2p/wire';

import { AllowedFastGrants } from './allowed-fast-grants.js';
import { Choker } from './choker.js';
import type { ChokerPeer } from './choking/choker-policy.js';
import { policyOf } from './choking/choker-rules.js';
import { DEADLINE } from '../deadline-keys.js';
import { FirstCopies } from './first-copies.js';
import type { BlockReadOutcome, CodedError, CoreMessage } from '../input.js';
import type { Payload } from '../payload.js';
import type { Session } from '../session.js';
import { SlotQueue } from './slot-queue.js';
import type { SwarmState } from '../swarm-state.js';
import { SendingRoom, STALL_MS } from './sending-room.js';
import { TokenBucket } from '../token-bucket.js';
import { UploadTurns } from './upload-turns.js';

type RequestMessage = Extract<CoreMessage, { type: 'request' }>;
type CancelMessage = Extract<CoreMessage, { type: 'cancel' }>;

/** Our side as a seeder: who may ask, what is answered, and when it is read from storage. */
export class Uploading<P extends Payload> {
  readonly #state: SwarmState<P>;
  readonly #choker: Choker;
  readonly #limit: TokenBucket;
  readonly #onStorageFailed: (error: CodedError) => void;
  readonly #grants = new Map<Session, AllowedFastGrants>();
  readonly #room: SendingRoom;
  readonly #turns = new UploadTurns<Session>();
  /** Sessions of whom requests wait. */
  readonly #waiting = new Set<Session>();
  readonly #slotQueue = new SlotQueue();
  #lastSlotTicket = 0;
  /** Bytes that storage is reading, over all sessions. */
  #readingBytes = 0;
  #stallCheckAt = -Infinity;
  #firstCopies: FirstCopies | undefined;
  readonly #suggestPaces = new Map<Session, TokenBucket>();

  constructor(state: SwarmState<P>, onStorageFailed: (error: CodedError) => void) {
    const { options } = state;
    this.#state = state;
    this.#onStorageFailed = onStorageFailed;
    this.#choker = new Choker({
      slots: options.uploadSlots,
      roundMs: options.chokeRoundMs,
      leeching: policyOf(options.choker, state.random, options.optimisticMs),
      seeding: policyOf(options.seedChoker, state.random, options.optimisticMs),
    });
    this.#limit = new TokenBucket(options.uploadBytesPerSecond);
    this.#room = new SendingRoom(options.maxSendBufferBytes);
  }

  opened(session: Session): void {
    const { content, now, deadlines, identity } = this.#state;
    deadlines.arm(DEADLINE.choke, this.#choker.nextRound(now));
    if (content === undefined || !session.supportsFast) return;
    const grants = new AllowedFastGrants(content.metainfo.layout, identity.infoHash, session.remote.host);
    this.#grants.set(session, grants);
    for (const piece of grants.pieces) {
      if (content.scheduler.have.has(piece)) this.#state.send(session, { type: 'allowedFast', piece });
    }
  }

  interestChanged(session: Session, isInterested: boolean): void {
    if (session.isInterested === isInterested) return;
    session.isInterested = isInterested;
    if (isInterested) session.slotTicket = ++this.#lastSlotTicket;
    // A free slot is given at once: waiting for the next round would cost a newcomer up to ten seconds.
    if (session.amChoking === isInterested) this.#fillSlot();
  }

  requested(session: Session, message: RequestMessage): void {
    const { content } = this.#state;
    const layout = content?.metainfo.layout;
    const isInside = layout?.isRange(message.piece, message.begin, message.length) === true;
    if (layout === undefined || !isInside || content?.scheduler.have.has(message.piece) !== true) {
      this.#invalid(session, message);
      return;
    }
    const block = { piece: layout.pieceIndex(message.piece), begin: message.begin, length: message.length };
    if (session.amChoking && !this.#isGranted(session, block)) {
      this.#refuse(session, message);
      return;
    }
    if (this.#isAnothers(session, block)) this.#reject(session, message);
    else this.#enqueue(session, block);
  }

  cancelled(session: Session, message: CancelMessage): void {
    const layout = this.#state.content?.metainfo.layout;
    if (layout?.isRange(message.piece, message.begin, message.length) !== true) return;
    const block = { piece: layout.pieceIndex(message.piece), begin: message.begin, length: message.length };
    if (!session.uploads.cancel(block)) return;
    if (session.uploads.length === 0) this.#waiting.delete(session);
    this.#firstCopies?.release(session.id, block.piece);
    this.#reject(session, message);
  }

  /** Reads as many blocks as the network can take soon. */
  serve(): void {
    if (this.#waiting.size === 0) return;
    const { options, now, deadlines } = this.#state;
    while (this.#hasRoom()) {
      const session = this.#turns.next(this.#waiting, (other) => this.#room.hasRoomFor(other, now), now);
      if (session === undefined) return;
      if (options.uploadBytesPerSecond !== Infinity && !this.#limit.take(now, NOMINAL_BLOCK_BYTES)) {
        deadlines.arm(DEADLINE.uploadLimit, this.#limit.readyAt(now, NOMINAL_BLOCK_BYTES));
        return;
      }
      this.#read(session);
    }
  }

  blockRead(session: Session, block: BlockRef, outcome: BlockReadOutcome<P>): void {
    const state = this.#state;
    session.readingBytes -= block.length;
    this.#readingBytes -= block.length;
    if (outcome.kind === 'failed') {
      this.#reject(session, block);
      this.#onStorageFailed(outcome.error);
      this.serve();
      return;
    }
    this.#firstCopies?.sent(session.id);
    session.refusedRequestCount = 0;
    session.uploadedBytes += block.length;
    session.uploadedSinceUnchoke += block.length;
    session.upMeter.add(state.now, block.length);
    state.uploadedBytes += block.length;
    state.upMeter.add(state.now, block.length);
    state.send(session, { type: 'piece', piece: block.piece, begin: block.begin, data: outcome.data });
  }

  flushed(session: Session, bytes: number): void {
    this.#state.flushed(session, bytes);
    this.#room.flushed(session, bytes, this.#state.now);
    this.serve();
  }

  /** A round of the choker. */
  rechoke(): void {
    const state = this.#state;
    const decision = this.#choker.rechoke(this.#chokerPeers(), state.isSeeding, state.now);
    for (const session of state.sessions.values()) session.downloadedAtRound = session.downloadedBytes;
    for (const id of decision.choke) this.#choke(state.sessions.get(id));
    for (const id of decision.unchoke) {
      const session = state.sessions.get(id);
      if (session !== undefined) this.#unchoke(session);
    }
    if (state.sessions.size > 0) state.deadlines.arm(DEADLINE.choke, this.#choker.nextRound(state.now));
  }

  closed(session: Session): void {
    this.#grants.delete(session);
    this.#suggestPaces.delete(session);
    this.#room.closed(session);
    this.#readingBytes -= session.readingBytes;
    session.readingBytes = 0;
    this.#forget(session, session.uploads.clear());
    if (!session.amChoking) this.#fillSlot();
    // What waited in its connection keeps nobody waiting any more.
    this.serve();
  }

  /** Whether the network can take more; if not, a look is due at who holds it up. */
  #hasRoom(): boolean {
    const { now, content, sessions, unflushedBlockBytes, deadlines } = this.#state;
    const heldBytes = unflushedBlockBytes + this.#readingBytes;
    const haveCount = content?.scheduler.have.count ?? 0;
    if (this.#room.hasRoom(heldBytes, haveCount, now)) return true;
    if (now < this.#stallCheckAt) return false;
    const isNew = this.#room.findStalled(sessions.values(), heldBytes, now);
    this.#stallCheckAt = now + STALL_MS;
    deadlines.arm(DEADLINE.uploadStall, this.#stallCheckAt);
    return isNew && this.#room.hasRoom(heldBytes, haveCount, now);
  }

  #enqueue(session: Session, block: BlockRef): void {
    if (session.uploads.enqueue(block) === 'full') {
      this.#refuse(session, block);
      return;
    }
    this.#waiting.add(session);
    this.#state.dirty.add(session);
  }

  #read(session: Session): void {
    const block = session.uploads.next();
    if (block === undefined) return;
    if (session.uploads.length === 0) this.#waiting.delete(session);
    session.readingBytes += block.length;
    this.#readingBytes += block.length;
    this.#state.emit({ kind: 'readBlock', session: session.id, block });
  }

  /** Whether the peer gets a block though it is choked (BEP 6, allowed fast); it counts as served. */
  #isGranted(session: Session, block: BlockRef): boolean {
    return this.#grants.get(session)?.admit(block, session.pieces.known?.count ?? 0) === true;
  }

  /** Whether the piece is on its way to another, who can pass it on (see `FirstCopies`). */
  #isAnothers(session: Session, block: BlockRef): boolean {
    if (!this.#state.isSeeding || !session.supportsFast) return false;
    const answer = this.#copies()?.ask(session.id, block);
    if (answer === 'taken' || (answer === 'refused' && block.begin === 0)) this.#suggest(session);
    return answer === 'refused';
  }

  #copies(): FirstCopies | undefined {
    const { content, isSeeding, random } = this.#state;
    if (!isSeeding || content === undefined) return undefined;
    this.#firstCopies ??= new FirstCopies(content.metainfo.layout.pieceCount, random);
    return this.#firstCopies;
  }

  /** Names a piece to a peer that nobody has yet. */
  #suggest(session: Session): void {
    const { content } = this.#state;
    if (content === undefined || !session.supportsFast || !this.#maySuggest(session)) return;
    const { layout } = content.metainfo;
    const piece = this.#copies()?.suggest(session.id, (candidate) => {
      const isTheirs = session.pieces.known?.has(candidate) === true;
      return !isTheirs && content.scheduler.copiesAmongLeechers(layout.pieceIndex(candidate)) === 0;
    });
    if (piece !== undefined) this.#state.send(session, { type: 'suggest', piece });
  }

  /** Suggestions are advice: a peer that takes thousands of pieces a second may do without, and others count control frames. */
  #maySuggest(session: Session): boolean {
    const pace = this.#suggestPaces.get(session) ?? new TokenBucket(SUGGESTIONS_PER_SECOND, SUGGESTIONS_PER_SECOND);
    this.#suggestPaces.set(session, pace);
    return pace.take(this.#state.now, 1);
  }

  /** Gives a slot to whose turn it is: one that is free, or that of a peer that wants nothing at the moment. */
  #fillSlot(): void {
    const open = this.#state.openSessions();
    const holders = open.filter((session) => !session.amChoking);
    const isFree = this.#choker.hasFreeSlot(holders.length);
    const idle = isFree ? undefined : holders.find((holder) => !holder.isInterested);
    if (!isFree && idle === undefined) return;
    const next = this.#slotQueue.next(open, this.#state.isSeeding, (session) => this.#pieceShare(session));
    if (next === undefined) return;
    // It may want something again soon, and would then hold a slot that is another's.
    if (idle !== undefined) this.#choke(idle);
    this.#unchoke(next);
  }

  #forget(session: Session, unsent: readonly BlockRef[]): void {
    if (session.uploads.length === 0) this.#waiting.delete(session);
    this.#turns.leave(session);
    for (const { piece } of unsent) this.#firstCopies?.release(session.id, piece);
    this.#firstCopies?.withdraw(session.id);
  }

  #unchoke(session: Session): void {
    if (!session.amChoking || !session.isOpen) return;
    session.amChoking = false;
    session.refusedRequestCount = 0;
    session.unchokedAt = this.#state.now;
    session.uploadedSinceUnchoke = 0;
    // What we would rather give comes first, so that it is known when the peer begins to ask.
    for (let count = 0; count < SUGGESTED_AHEAD; count++) this.#suggest(session);
    this.#state.send(session, { type: 'unchoke' });
  }

  #choke(session: Session | undefined): void {
    if (session?.isOpen !== true || session.amChoking) return;
    session.amChoking = true;
    session.slotTicket = ++this.#lastSlotTicket;
    session.unchokedAt = undefined;
    this.#state.send(session, { type: 'choke' });
    // BEP 6: every request is answered, so those that will not be served are rejected one by one.
    const unsent = session.uploads.clear((queued) => this.#isGranted(session, queued));
    this.#forget(session, unsent);
    for (const block of unsent) this.#reject(session, block);
  }

  /**
   * A request that the peer should not have sent: each costs us an answer, and nothing else bounds them.
   *
   * When we choke a peer, as many as we announced may be on their way. Refusals of `FirstCopies` are our own choice, as are the
   * rejects that follow a choke, and do not count.
   */
  #refuse(session: Session, request: RejectedBlock): void {
    session.refusedRequestCount += 1;
    if (session.refusedRequestCount <= this.#state.options.requestQueueLimit + MAX_REFUSED_REQUESTS) {
      this.#reject(session, request);
    } else this.#state.violation(session, 'requests for ever while it is choked or has its queue full');
  }

  #reject(session: Session, block: RejectedBlock): void {
    if (!session.supportsFast) return;
    const { piece, begin, length } = block;
    this.#state.send(session, { type: 'reject', piece, begin, length });
  }

  #invalid(session: Session, message: RequestMessage): void {
    session.invalidRequestCount += 1;
    if (session.invalidRequestCount > MAX_INVALID_REQUESTS) {
      this.#state.violation(
        session,
        `more than ${String(MAX_INVALID_REQUESTS)} requests for what we never said we have`,
      );
    } else this.#reject(session, message);
  }

  #chokerPeers(): ChokerPeer[] {
    const { now } = this.#state;
    return this.#state.openSessions().map((session) => ({
      session: session.id,
      isInterested: session.isInterested,
      isUnchoked: !session.amChoking,
      downloadedInRound: session.downloadedBytes - session.downloadedAtRound,
      upBytesPerSecond: session.upMeter.bytesPerSecond(now),
      unchokedAt: session.unchokedAt,
      connectedAt: session.openedAt,
      isSnubbed: session.window.isSnubbed,
      uploadedSinceUnchoke: session.uploadedSinceUnchoke,
      pieceShare: this.#pieceShare(session),
    }));
  }

  /** See `ChokerPeer`. */
  #pieceShare(session: Session): number {
    const { pieceCount = Infinity, totalBytes = Infinity } = this.#state.content?.metainfo.layout ?? {};
    return Math.max((session.pieces.known?.count ?? 0) / pieceCount, session.uploadedBytes / totalBytes);
  }
}

/** As the peer named it. */
type RejectedBlock = Pick<RequestMessage, 'piece' | 'begin' | 'length'>;

/** Requests for pieces we do not have or ranges that do not exist, after which a peer is dropped. libtorrent: 300. */
const MAX_INVALID_REQUESTS = 300;
/** Requests refused in a row, beyond those on their way at a choke, after which a peer is dropped. libtorrent: 50, after 2 s. */
const MAX_REFUSED_REQUESTS = 300;
/** Pieces named to a peer before it asks: one that it begins with, and one for when its window reaches further. */
const SUGGESTED_AHEAD = 2;
/** Well below what `ControlFlood` admits. */
const SUGGESTIONS_PER_SECOND = 200;
/** What a block costs of the upload limit: its usual length. */
const NOMINAL_BLOCK_BYTES = 16_384;
