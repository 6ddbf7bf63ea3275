import type { BlockRef, PieceIndex } from '@p2p/wire';

import { AllowedFast } from './allowed-fast.js';
import { Choker } from './choker.js';
import { chokerPeerOf, pieceShareOf } from './choker-view.js';
import { policyOf } from './choking/choker-rules.js';
import { DEADLINE } from '../deadline-keys.js';
import { understandsOffers } from '../offer-message.js';
import type { BlockReadOutcome, CodedError, CoreMessage } from '../input.js';
import type { Payload } from '../payload.js';
import { PromisedPieces } from './promised-pieces.js';
import { Refusals } from './refusals.js';
import type { Session } from '../session.js';
import { SlotQueue } from './slot-queue.js';
import type { SwarmState } from '../swarm-state.js';
import { SendingRoom, STALL_MS } from './sending-room.js';
import { Suggestions } from './suggestions.js';
import { TokenBucket } from '../token-bucket.js';
import { UploadOffers } from './upload-offers.js';
import { UplinkShares } from './uplink-shares.js';
import { UploadTurns } from './upload-turns.js';

type RequestMessage = Extract<CoreMessage, { type: 'request' }>;
type CancelMessage = Extract<CoreMessage, { type: 'cancel' }>;

/** Our side as a seeder: who may ask, what is answered, and when it is read from storage. */
export class Uploading<P extends Payload> {
  readonly #state: SwarmState<P>;
  readonly #choker: Choker;
  readonly #limit: TokenBucket;
  readonly #onStorageFailed: (error: CodedError) => void;
  readonly #allowedFast: AllowedFast<P>;
  readonly #room: SendingRoom;
  readonly #turns = new UploadTurns<Session>();
  readonly #slotQueue = new SlotQueue();
  readonly #offers: UploadOffers<P>;
  readonly #shares = new UplinkShares();
  readonly #suggestions: Suggestions<P>;
  readonly #refusals: Refusals<P>;
  readonly #promises: PromisedPieces<P>;
  /** Who wants something of us. */
  readonly #wanting = new Set<Session>();
  /** More want something than there are slots: peers of our own kind take turns that we offer, and no slots. */
  #isCrowded = false;
  #lastSlotTicket = 0;
  /** Bytes that storage is reading, over all sessions. */
  #readingBytes = 0;
  #stallCheckAt = -Infinity;

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
    this.#suggestions = new Suggestions(state);
    this.#refusals = new Refusals(state);
    this.#allowedFast = new AllowedFast(state);
    this.#promises = new PromisedPieces(state);
    this.#offers = new UploadOffers(state, {
      offering: (session) => {
        this.#suggestions.name(session);
      },
      lapsed: (session) => {
        this.#suggestions.withdraw(session);
      },
    });
  }

  opened(session: Session): void {
    const { now, deadlines } = this.#state;
    deadlines.arm(DEADLINE.choke, this.#choker.nextRound(now));
    // Who may turn out to be of our own kind says so in a moment.
    if (!session.supportsExtended) this.#allowedFast.allow(session);
  }

  /** An extended handshake of the peer is read. */
  introduced(session: Session): void {
    // Peers of our own kind need no favours: they are offered what they want most.
    if (!understandsOffers(session)) this.#allowedFast.allow(session);
    else if (this.#isCrowded && !session.amChoking) this.#replaceSlot(session);
    this.#offers.changed();
  }

  interestChanged(session: Session, isInterested: boolean): void {
    if (session.isInterested === isInterested) return;
    session.isInterested = isInterested;
    if (isInterested) {
      session.slotTicket = ++this.#lastSlotTicket;
      this.#wanting.add(session);
    } else {
      session.hasNews = false;
      this.#wanting.delete(session);
    }
    this.#offers.changed();
    this.#lookAtCrowd();
    // A free slot is given at once: waiting for the next round would cost a newcomer up to ten seconds.
    if (session.amChoking === isInterested) this.#fillSlot();
  }

  requested(session: Session, message: RequestMessage): void {
    const layout = this.#state.content?.metainfo.layout;
    const isInside = layout?.isRange(message.piece, message.begin, message.length) === true;
    const standing = isInside ? this.#promises.standing(layout.pieceIndex(message.piece)) : 'never';
    if (layout === undefined || standing === 'never') {
      this.#refusals.invalid(session, message);
      return;
    }
    const block = { piece: layout.pieceIndex(message.piece), begin: message.begin, length: message.length };
    if (standing === 'withdrawn' || !this.#mayAsk(session, block)) {
      this.#refusals.refuse(session, message);
      return;
    }
    if (this.#isAnothers(session, block)) this.#refusals.reject(session, message);
    else this.#enqueue(session, block);
  }

  cancelled(session: Session, message: CancelMessage): void {
    const layout = this.#state.content?.metainfo.layout;
    if (layout?.isRange(message.piece, message.begin, message.length) !== true) return;
    const block = { piece: layout.pieceIndex(message.piece), begin: message.begin, length: message.length };
    if (!session.uploads.cancel(block)) return;
    if (session.uploads.length === 0) this.#turns.leave(session);
    this.#suggestions.release(session, block);
    this.#refusals.reject(session, message);
  }

  /** The last blocks of a piece are coming in. */
  arriving(piece: PieceIndex): void {
    if (this.#promises.make(piece)) this.#offers.changed();
  }

  stored(piece: PieceIndex): void {
    this.#offers.changed();
    if (this.#promises.keep(piece)) this.serve();
  }

  /** A piece is not there after all. */
  missed(piece: PieceIndex): void {
    if (!this.#promises.withdraw(piece)) return;
    for (const session of this.#state.openSessions()) {
      const unsent = session.uploads.clear((queued) => queued.piece !== piece);
      if (unsent.length > 0) this.#throwAway(session, unsent);
    }
    this.serve();
  }

  /** Pieces that did not come in time. */
  expirePromises(): void {
    for (const piece of this.#promises.overdue()) this.missed(piece);
  }

  /** The peer has no use for what it was offered. */
  declined(session: Session): void {
    this.#offers.declined(session);
  }

  /** Offers turns for what will soon be sent; true if it made any. */
  offer(): boolean {
    return this.#isCrowded && this.#offers.look(this.#wanting.size, (session) => this.#room.isStalled(session));
  }

  /** Offers that nobody took make room for others. */
  expireOffers(): void {
    this.#offers.expire();
  }

  /** Reads as many blocks as the network can take soon. */
  serve(): void {
    if (this.#turns.isEmpty) return;
    const { now, deadlines } = this.#state;
    while (this.#hasRoom()) {
      const session = this.#next();
      if (session === undefined) return;
      // What is being read counts when it is sent: a disk that was slow would else let all of it pass at once, beside what comes after.
      if (this.#limit.available(now) < this.#readingBytes + BLOCK_COST) {
        if (this.#readingBytes === 0) deadlines.arm(DEADLINE.uploadLimit, this.#limit.readyAt(now, BLOCK_COST));
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
      this.#refusals.reject(session, block);
      this.#onStorageFailed(outcome.error);
      this.serve();
      return;
    }
    this.#limit.take(state.now, BLOCK_COST);
    this.#suggestions.sent(session, block);
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
    this.#offers.flushed(bytes);
    this.serve();
  }

  /** A round of the choker. */
  rechoke(): void {
    const state = this.#state;
    const peers = this.#slotTakers().map((session) => chokerPeerOf(session, state));
    const decision = this.#choker.rechoke(peers, state.isSeeding, state.now);
    for (const session of state.sessions.values()) session.downloadedAtRound = session.downloadedBytes;
    for (const id of decision.choke) this.#choke(state.sessions.get(id));
    for (const id of decision.unchoke) {
      const session = state.sessions.get(id);
      if (session !== undefined) this.#unchoke(session);
    }
    if (state.sessions.size > 0) state.deadlines.arm(DEADLINE.choke, this.#choker.nextRound(state.now));
  }

  closed(session: Session): void {
    this.#allowedFast.closed(session);
    this.#suggestions.closed(session);
    this.#room.closed(session);
    this.#offers.closed(session);
    this.#wanting.delete(session);
    this.#readingBytes -= session.readingBytes;
    session.readingBytes = 0;
    this.#forget(session, session.uploads.clear());
    this.#lookAtCrowd();
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
      this.#refusals.refuse(session, block);
      return;
    }
    this.#turns.join(session);
    this.#state.dirty.add(session);
  }

  /** Whose turn it is. */
  #next(): Session | undefined {
    const { now } = this.#state;
    const canTake = (session: Session): boolean => this.#isStored(session) && this.#room.hasRoomFor(session, now);
    if (!this.#isCrowded) return this.#turns.next(canTake, now);
    const { areTurnsFirst } = this.#shares;
    const isFirst = (session: Session): boolean => understandsOffers(session) === areTurnsFirst;
    // What is left of the room is for those who were offered turns and will ask soon, as long as the network has enough to send.
    const isKept = areTurnsFirst && this.#state.unflushedBlockBytes + this.#readingBytes >= ENOUGH_HELD_BYTES;
    const mayTake = isKept ? (session: Session): boolean => isFirst(session) && canTake(session) : canTake;
    return this.#turns.next(mayTake, now, isFirst);
  }

  /** Whether a request is served, now or in its turn; by an offer or a favour it counts. */
  #mayAsk(session: Session, block: BlockRef): boolean {
    return !session.amChoking || this.#offers.admits(session) || this.#allowedFast.admits(session, block);
  }

  /** Whether we have what the peer's oldest request is for: it may have asked for what is coming in. */
  #isStored(session: Session): boolean {
    const block = session.uploads.peek();
    return block !== undefined && this.#promises.standing(block.piece) === 'stored';
  }

  /** How many want something of those who take turns, or of the others. */
  #wantingOfKind(takesTurns: boolean): number {
    let count = 0;
    for (const session of this.#wanting) if (understandsOffers(session) === takesTurns) count += 1;
    return count;
  }

  #read(session: Session): void {
    const block = session.uploads.next();
    if (block === undefined) return;
    const isByTurn = understandsOffers(session);
    if (this.#isCrowded) this.#shares.sent(isByTurn, this.#wantingOfKind(isByTurn));
    if (session.uploads.length === 0) this.#turns.leave(session);
    session.readingBytes += block.length;
    this.#readingBytes += block.length;
    this.#state.emit({ kind: 'readBlock', session: session.id, block });
  }

  /** Whether the piece is on its way to another, who can pass it on. */
  #isAnothers(session: Session, block: BlockRef): boolean {
    if (this.#takesTurns(session)) return this.#suggestions.isAnothers(session, block, false);
    // Who asks whenever he likes could take all pieces for his before others have their turns.
    if (this.#isCrowded && this.#wantingOfKind(true) > 0) return false;
    return this.#suggestions.isAnothers(session, block, true);
  }

  #takesTurns(session: Session): boolean {
    return this.#isCrowded && understandsOffers(session);
  }

  #slotTakers(): Session[] {
    return this.#state.openSessions().filter((session) => !this.#takesTurns(session));
  }

  /** Whether slots are enough, which is looked at again when as many as half of them would be. */
  #lookAtCrowd(): void {
    const slots = this.#state.options.uploadSlots;
    const isCrowded = this.#wanting.size > (this.#isCrowded ? slots / 2 : slots);
    if (isCrowded === this.#isCrowded) return;
    this.#isCrowded = isCrowded;
    for (const session of this.#state.openSessions()) {
      if (!isCrowded) this.#fillSlot();
      else if (!session.amChoking && understandsOffers(session)) this.#replaceSlot(session);
    }
  }

  /** From now on the peer takes turns. What it has asked for is served. */
  #replaceSlot(session: Session): void {
    session.amChoking = true;
    session.unchokedAt = undefined;
    this.#offers.replacesSlot(session);
    this.#state.send(session, { type: 'choke' });
  }

  /** Gives a slot to whose turn it is: one that is free, or that of a peer that wants nothing at the moment. */
  #fillSlot(): void {
    const open = this.#slotTakers();
    const holders = open.filter((session) => !session.amChoking);
    const isFree = this.#choker.hasFreeSlot(holders.length);
    const idle = isFree ? undefined : holders.find((holder) => !holder.isInterested);
    if (!isFree && idle === undefined) return;
    const next = this.#slotQueue.next(open, this.#state.isSeeding, (session) => pieceShareOf(session, this.#state));
    if (next === undefined) return;
    // It may want something again soon, and would then hold a slot that is another's.
    if (idle !== undefined) this.#choke(idle);
    this.#unchoke(next);
  }

  /** BEP 6: every request is answered, so those that will not be served are rejected one by one. */
  #throwAway(session: Session, unsent: readonly BlockRef[]): void {
    this.#forget(session, unsent);
    for (const block of unsent) this.#refusals.reject(session, block);
  }

  #forget(session: Session, unsent: readonly BlockRef[]): void {
    if (session.uploads.length === 0) this.#turns.leave(session);
    this.#turns.end(session);
    for (const block of unsent) this.#suggestions.release(session, block);
    this.#suggestions.withdraw(session);
  }

  #unchoke(session: Session): void {
    if (!session.amChoking || !session.isOpen) return;
    session.amChoking = false;
    session.refusedRequestCount = 0;
    session.unchokedAt = this.#state.now;
    session.uploadedSinceUnchoke = 0;
    // What we would rather give comes first, so that it is known when the peer begins to ask.
    for (let count = 0; count < SUGGESTED_AHEAD; count++) this.#suggestions.name(session);
    this.#state.send(session, { type: 'unchoke' });
  }

  #choke(session: Session | undefined): void {
    if (session?.isOpen !== true || session.amChoking) return;
    session.amChoking = true;
    session.slotTicket = ++this.#lastSlotTicket;
    session.unchokedAt = undefined;
    this.#state.send(session, { type: 'choke' });
    const unsent = session.uploads.clear((queued) => this.#allowedFast.admits(session, queued));
    this.#throwAway(session, unsent);
  }
}

/** Pieces named to a peer before it asks: one that it begins with, and one for when its window reaches further. */
const SUGGESTED_AHEAD = 2;
/** One piece of 64 KiB. */
const ENOUGH_HELD_BYTES = 65_536;
/** What a block costs of the upload limit: its usual length. */
const BLOCK_COST = 16_384;
