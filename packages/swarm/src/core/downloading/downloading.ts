import type { BlockRef, Offer, PieceIndex } from '@p2p/wire';

import { banScope } from '../addresses/ban-list.js';
import type { BlockScheduler } from '../pieces/block-scheduler.js';
import { DEADLINE } from '../deadline-keys.js';
import type { DownloadListener } from './download-listener.js';
import { DownloadLimit } from './download-limit.js';
import { DownloadRoom } from './download-room.js';
import { mayAskWhileChoked, rememberFavour } from './favours.js';
import { hintsFor } from './hints-for.js';
import { HungrySessions } from './hungry-sessions.js';
import type { CodedError, CoreMessage, PieceCommitOutcome } from '../input.js';
import { blocksToAsk, blocksToBegin, endTurn, offeredTurn } from './offered-turn.js';
import { OverdueRequests } from './overdue-requests.js';
import { pauseAfterRejects } from './pause-after-rejects.js';
import type { Payload } from '../payload.js';
import type { PieceClaim } from '../pieces/peer-pieces.js';
import type { Session } from '../session.js';
import { StoragePause } from './storage-pause.js';
import type { SwarmState } from '../swarm-state.js';

type PieceMessage<P extends Payload> = Extract<CoreMessage<P>, { type: 'piece' }>;
type RejectMessage = Extract<CoreMessage, { type: 'reject' }>;

/**
 * Our side as a leecher: whose pieces interest us, what is asked of whom, what became of it.
 *
 * Before anything is asked of a peer, all of this holds: storage is attached and works; the peer has a piece that we lack, and was told
 * so; it does not choke us (or offers a turn, or allowed the piece); its window and the download limit have room; the scheduler has
 * a block for it. Check the list again when you change one of them.
 */
export class Downloading<P extends Payload> {
  readonly #state: SwarmState<P>;
  readonly #listener: DownloadListener;
  readonly #limit: DownloadLimit<P>;
  readonly #hungry: HungrySessions<P>;
  readonly #room = new DownloadRoom();
  readonly #overdue: OverdueRequests<P>;
  readonly #storagePause: StoragePause<P>;

  constructor(state: SwarmState<P>, listener: DownloadListener) {
    this.#state = state;
    this.#listener = listener;
    this.#hungry = new HungrySessions(state);
    this.#overdue = new OverdueRequests(state);
    this.#storagePause = new StoragePause(state);
    this.#limit = new DownloadLimit(state);
  }

  /** Storage is attached: what the peers said so far can be judged. */
  attached(): void {
    const layout = this.#state.content?.metainfo.layout;
    if (layout === undefined) return;
    for (const session of this.#state.openSessions()) {
      const outcome = session.pieces.resolve(layout);
      if (outcome.kind === 'violation') this.#state.violation(session, outcome.detail);
      else this.#enrol(session);
    }
  }

  claimed(session: Session, claim: PieceClaim): void {
    const layout = this.#state.content?.metainfo.layout;
    const outcome = session.pieces.claim(claim, layout);
    if (outcome.kind === 'violation') this.#state.violation(session, outcome.detail);
    else if (outcome.kind === 'opened') this.#enrol(session);
    else if (outcome.kind === 'added' && claim.type === 'have') this.#added(session, claim.piece);
    else if (outcome.kind === 'summary') {
      for (const piece of outcome.pieces) this.claimed(session, { type: 'have', piece });
    }
  }

  /** The peer no longer has a piece (BEP 54). */
  lost(session: Session, piece: number): void {
    const content = this.#state.content;
    const wasThere = session.pieces.lose(piece);
    if (!wasThere || content === undefined || !content.metainfo.layout.hasPiece(piece)) return;
    if (session.isScheduled) content.scheduler.peerLost(session.id, piece);
    this.#state.dirty.add(session);
  }

  choked(session: Session): void {
    session.isChokingUs = true;
    // With BEP 6 a choke rejects nothing by itself: the peer says so block by block.
    if (!session.supportsFast) this.#releaseAll(session);
    else if (session.isScheduled) this.#state.content?.scheduler.giveUpPieces(session.id);
    this.#room.changed(session);
    this.#hungry.wake();
  }

  unchoked(session: Session): void {
    session.isChokingUs = false;
    this.#room.changed(session);
    this.#state.dirty.add(session);
  }

  allowedFast(session: Session, piece: number): void {
    const layout = this.#state.content?.metainfo.layout;
    if (layout !== undefined && !layout.hasPiece(piece)) return;
    this.#state.deadlines.arm(session.id, rememberFavour(session, piece));
  }

  /** The peer lets us ask for some blocks, soon; by then there may be room for them. */
  offered(session: Session, offer: Offer): void {
    const state = this.#state;
    session.offered = { ...offer, at: state.now };
    if (session.isScheduled && state.content?.scheduler.isInteresting(session.id) === true) state.dirty.add(session);
    else endTurn(state, session, 0);
  }

  suggested(session: Session, piece: number): void {
    const { content } = this.#state;
    if (content === undefined || !session.isScheduled || !content.metainfo.layout.hasPiece(piece)) return;
    content.scheduler.peerSuggests(session.id, piece);
  }

  received(session: Session, message: PieceMessage<P>): void {
    const state = this.#state;
    const { content, now } = state;
    const length = message.data.length;
    session.downMeter.add(now, length);
    state.downMeter.add(now, length);
    session.downloadedBytes += length;
    state.downloadedBytes += length;
    this.#room.received(now, length);
    if (content === undefined || !content.metainfo.layout.isBlock(message.piece, message.begin, length)) {
      state.violation(
        session,
        `a block that no request of ours names: piece ${String(message.piece)} begin ${String(message.begin)} length ${String(length)}`,
      );
      return;
    }
    const piece = content.metainfo.layout.pieceIndex(message.piece);
    const answer = session.window.received(message, now);
    this.#room.changed(session);
    if (answer === 'unexpected') this.#unexpected(session, length);
    else this.#assemble(session, content.scheduler, piece, message);
    state.dirty.add(session);
  }

  rejected(session: Session, message: RejectMessage): void {
    const { content, now } = this.#state;
    if (content === undefined || !content.metainfo.layout.isBlock(message.piece, message.begin, message.length)) return;
    const answer = session.window.rejected(message, now);
    if (answer === 'unexpected') return;
    this.#room.changed(session);
    const block = blockOf(content.metainfo.layout.pieceIndex(message.piece), message);
    content.scheduler.release(session.id, block);
    session.allowedByPeer?.delete(message.piece);
    // What a choke or a cancel throws away is no refusal.
    if (answer === 'expected' && !session.isChokingUs) session.rejectStreak += 1;
    this.#pauseRequests(session, pauseAfterRejects(session.rejectStreak));
    this.#hungry.wake();
    this.#state.dirty.add(session);
  }

  committed(piece: PieceIndex, outcome: PieceCommitOutcome): void {
    switch (outcome.kind) {
      case 'stored':
        this.#stored(piece);
        break;
      case 'corrupt':
        this.#corrupt(piece);
        break;
      case 'failed':
        this.#failed(piece, outcome.error);
        break;
    }
    this.#hungry.wake();
  }

  /** The pause of the disk is over, unless it failed again meanwhile: a deadline only ever moves closer. */
  retryStorage(): void {
    if (this.#storagePause.isOver()) this.wakeAll();
  }

  /** Blocks that this peer did not send in time go back to where others can fetch them. */
  expire(session: Session): void {
    const content = this.#state.content;
    if (content === undefined) return;
    const late = session.window.expire(this.#state.now);
    for (const block of late) content.scheduler.release(session.id, block);
    if (late.length === 0) return;
    this.#overdue.add(session);
    this.#room.changed(session);
    this.#hungry.wake();
    this.#state.dirty.add(session);
  }

  /** Has storage free the room of pieces of which nothing is left; true if there were any. */
  discardEmptied(): boolean {
    const emptied = this.#state.content?.scheduler.takeEmptied() ?? [];
    for (const piece of emptied) this.#state.emit({ kind: 'discardPiece', piece });
    return emptied.length > 0;
  }

  /** Tells the peer whether it has something for us, and asks for as much as there is room for. */
  refresh(session: Session): void {
    const content = this.#state.content;
    if (content === undefined || !session.isScheduled) return;
    this.#updateInterest(session, content.scheduler);
    if (session.amInterested) this.#request(session, content.scheduler);
  }

  closed(session: Session): void {
    this.#overdue.delete(session);
    this.#hungry.delete(session);
    this.#room.changed(session);
    if (!session.isScheduled) return;
    this.#state.content?.scheduler.removePeer(session.id);
    this.#hungry.wake();
  }

  /** Peers that owed us much may have fallen silent: others can be asked. */
  lookForRoom(): void {
    this.#hungry.wake();
  }

  /** Looks again at everyone: a pause of the disk is over, or the limit has room again. Neither made anyone hungry. */
  wakeAll(): void {
    for (const session of this.#state.openSessions()) this.#state.dirty.add(session);
  }

  #enrol(session: Session): void {
    const { content } = this.#state;
    const pieces = session.pieces.known;
    if (content === undefined || pieces === undefined || session.isScheduled) return;
    session.isScheduled = true;
    content.scheduler.addPeer(session.id, pieces, { key: banScope(this.#state.addressOf(session)) });
    this.#state.dirty.add(session);
  }

  #added(session: Session, piece: number): void {
    const { content } = this.#state;
    if (content === undefined) return;
    if (session.isScheduled) content.scheduler.peerHas(session.id, content.metainfo.layout.pieceIndex(piece));
    else this.#enrol(session);
    // Haves are most of all messages: nothing follows of a piece that we have, nor from a peer that is asked for all it may be.
    if (!content.scheduler.have.has(piece) && this.#couldAskMore(session)) this.#state.dirty.add(session);
  }

  /** Whether one piece more at the peer may change what we tell it or ask of it. */
  #couldAskMore(session: Session): boolean {
    if (!session.amInterested) return true;
    return session.isChokingUs
      ? session.offered !== undefined || session.allowedByPeer !== undefined
      : this.#hungry.has(session);
  }

  #unexpected(session: Session, length: number): void {
    this.#state.wastedBytes += length;
    session.unexpectedBlockCount += 1;
    if (session.unexpectedBlockCount > MAX_UNEXPECTED_BLOCKS) {
      this.#state.violation(session, `more than ${String(MAX_UNEXPECTED_BLOCKS)} blocks that were not asked for`);
    }
  }

  #assemble(session: Session, scheduler: BlockScheduler, piece: PieceIndex, message: PieceMessage<P>): void {
    const state = this.#state;
    session.rejectStreak = 0;
    const outcome = scheduler.received(session.id, piece, message.begin);
    if (outcome.kind !== 'accepted') {
      state.wastedBytes += message.data.length;
      return;
    }
    state.emit({ kind: 'writeBlock', piece, begin: message.begin, data: message.data });
    const block = blockOf(piece, { begin: message.begin, length: message.data.length });
    for (const id of outcome.cancel) this.#cancel(id, block);
    this.#overdue.received(session, block);
    if (outcome.isPieceComplete) state.emit({ kind: 'commitPiece', piece });
    else if (outcome.isRestComing) this.#listener.arriving(piece);
  }

  #cancel(id: number, block: BlockRef): void {
    const session = this.#state.sessions.get(id);
    if (session?.isOpen !== true) return;
    session.window.cancelled(block, this.#state.now);
    this.#room.changed(session);
    this.#state.send(session, { type: 'cancel', ...block });
    this.#state.dirty.add(session);
  }

  #pauseRequests(session: Session, pauseMs: number): void {
    if (pauseMs === 0) return;
    session.requestsPausedUntil = this.#state.now + pauseMs;
    this.#state.deadlines.arm(session.id, session.requestsPausedUntil);
  }

  #stored(piece: PieceIndex): void {
    const state = this.#state;
    const scheduler = state.content?.scheduler;
    if (scheduler === undefined) return;
    scheduler.pieceStored(piece);
    state.emit({ kind: 'publish', event: { kind: 'pieceStored', piece } });
    for (const session of state.sessions.values()) {
      if (!session.isOpen) continue;
      // A peer that owns the piece gains nothing from a HAVE; most HAVEs of a swarm are saved so.
      if (session.pieces.known?.has(piece) !== true) {
        state.send(session, { type: 'have', piece });
        session.hasNews = true;
      } else if (session.amInterested && !scheduler.isInteresting(session.id)) state.dirty.add(session);
    }
    this.#listener.stored(piece);
    if (scheduler.isComplete) this.#listener.completed();
  }

  #corrupt(piece: PieceIndex): void {
    const state = this.#state;
    const content = state.content;
    if (content === undefined) return;
    state.emit({ kind: 'publish', event: { kind: 'pieceCorrupt', piece } });
    this.#listener.missed(piece);
    const { banKey, forgottenBytes } = content.scheduler.pieceCorrupt(piece);
    const bytes = content.metainfo.layout.pieceBytes(piece) + forgottenBytes;
    state.corruptBytes += bytes;
    state.wastedBytes += bytes;
    if (banKey !== undefined) this.#listener.banned(banKey);
  }

  #failed(piece: PieceIndex, error: CodedError): void {
    this.#state.content?.scheduler.pieceFailed(piece);
    this.#listener.missed(piece);
    this.#storagePause.begin(error);
  }

  #updateInterest(session: Session, scheduler: BlockScheduler): void {
    const isInteresting = scheduler.isInteresting(session.id);
    if (isInteresting === session.amInterested) return;
    session.amInterested = isInteresting;
    this.#room.changed(session);
    this.#state.send(session, { type: isInteresting ? 'interested' : 'notInterested' });
  }

  #request(session: Session, scheduler: BlockScheduler): void {
    const state = this.#state;
    const { now } = state;
    if (!this.#mayAsk(session, scheduler)) return;
    const turn = offeredTurn(session, now);
    const room = this.#limit.admitted(blocksToAsk(session, turn, now));
    if (room <= 0) return;
    const downlink = { bytesPerSecond: state.downMeter.bytesPerSecond(now), blocksOfPiece: scheduler.blocksOfPiece };
    const roomOfAll = this.#room.blocksFor(session, now, downlink);
    // With one peer to ask there is no other whom a rest could go to.
    const beginsWith = roomOfAll === Infinity ? 0 : blocksToBegin(scheduler.blocksOfPiece, turn);
    if (roomOfAll < Math.min(room, beginsWith)) {
      this.#waitForRoom(session);
      return;
    }
    const blocks = scheduler.pick(session.id, Math.min(room, roomOfAll), hintsFor(session, state, beginsWith));
    this.#overdue.takenBack(scheduler.takeTakenBack());
    for (const block of blocks) {
      if (!session.window.sent(block, now)) continue;
      this.#limit.take(block.length);
      state.send(session, { type: 'request', piece: block.piece, begin: block.begin, length: block.length });
    }
    if (turn !== undefined) endTurn(state, session, blocks.length);
    if (blocks.length > 0) this.#room.changed(session);
    // Of those who owe us the rest one may fall silent.
    else if (scheduler.isEndgame) this.#lookAgainSoon();
    // Who is snubbed stays among them, to be woken after the others: else it has its next turn before an idle peer, and gets the same block.
    if (blocks.length < room || session.window.isSnubbed) this.#hungry.add(session);
    else this.#hungry.delete(session);
    state.deadlines.arm(session.id, session.window.nextDeadline());
  }

  #mayAsk(session: Session, scheduler: BlockScheduler): boolean {
    const { now } = this.#state;
    if (this.#storagePause.isOn || now < session.requestsPausedUntil) return false;
    return (
      !session.isChokingUs || offeredTurn(session, now) !== undefined || mayAskWhileChoked(session, scheduler, now)
    );
  }

  /** What a short piece needs is asked for at once, or later: half a piece here and half a piece there are two pieces that wait. */
  #waitForRoom(session: Session): void {
    this.#hungry.add(session);
    this.#lookAgainSoon();
  }

  #lookAgainSoon(): void {
    this.#state.deadlines.arm(DEADLINE.downloadRoom, this.#state.now + LOOK_AGAIN_MS);
  }

  #releaseAll(session: Session): void {
    session.window.clear(this.#state.now);
    this.#state.content?.scheduler.releaseAll(session.id);
  }
}

function blockOf(piece: PieceIndex, at: { readonly begin: number; readonly length: number }): BlockRef {
  return { piece, begin: at.begin, length: at.length };
}

const LOOK_AGAIN_MS = 1_000;
/** Blocks we never asked for, after which a peer is dropped. BEP 6 would close at the first; a lost race is forgiven. */
const MAX_UNEXPECTED_BLOCKS = 16;
