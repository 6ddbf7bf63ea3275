import type { BlockRef } from '@p2p/wire';

import { blockKey } from '../pieces/block-key.js';
import { LateRequests, type BlockPlace, type Whereabouts } from './late-requests.js';
import { RequestsInFlight } from './requests-in-flight.js';
import { WindowDepth, type WindowDepthOptions } from './window-depth.js';

/** Choices of a `RequestWindow`; windows are counted in blocks. */
export interface RequestWindowOptions extends WindowDepthOptions {
  readonly minTimeoutMs: number;
  readonly maxTimeoutMs: number;
}

/**
 * The requests in flight to one peer: how many there may be, which answers are expected, which ones are overdue.
 *
 * A request is in exactly one of two places: outstanding (it has a deadline), or late (it timed out or was cancelled here,
 * but the peer may still answer; BEP 6 lets us close a peer for an answer to a question never asked, so we remember).
 *
 * How many there may be is for `WindowDepth` to say. A silent peer is snubbed: one request at a time.
 */
export class RequestWindow {
  readonly #options: RequestWindowOptions;
  readonly #responseTime = new ResponseTime();
  readonly #depth: WindowDepth;
  /** Undefined until something is asked for: most sessions of a large swarm are idle. */
  #outstanding: RequestsInFlight | undefined;
  #late: LateRequests | undefined;
  /** Of what is outstanding, what the scheduler no longer counts as asked of this peer. Undefined until there is any. */
  #takenBack: Set<number> | undefined;
  /** Of what is outstanding, what was late before, and was not sent again. Undefined until there is any. */
  #revived: Set<number> | undefined;
  #lastSequence = 0;
  /** The latest sent of the requests that were answered, and of those that brought a block. */
  #answeredSequence = 0;
  #servedSequence = 0;
  #lastAnswerAt = -Infinity;
  #isSnubbed = false;
  /** Timeouts since the last answer in time; each doubles the patience. */
  #timeoutStreak = 0;

  constructor(options: RequestWindowOptions) {
    this.#options = options;
    this.#depth = new WindowDepth(options);
  }

  get outstandingCount(): number {
    return this.#outstanding?.count ?? 0;
  }

  /** Requests that may be answered soon: all, or none when the peer is silent. */
  awaitedCount(now: number): number {
    return this.isAnswering(now) ? this.outstandingCount : 0;
  }

  /** Something is asked of the peer, and it is not so that nothing has come for a while since the oldest request was sent, or timed out. */
  isAnswering(now: number): boolean {
    // To be asked again is no sign of life.
    if (this.#isSnubbed) return false;
    const place = this.#outstanding?.oldest;
    if (this.#outstanding === undefined || place === undefined) return false;
    const waitsSince = Math.max(this.#outstanding.sentAt(place), this.#lastAnswerAt);
    return now - waitsSince < SILENCE_MS;
  }

  /** Requests that timed out and may still wait at the peer. */
  overdueCount(now: number): number {
    return this.#late?.waitingCount(now) ?? 0;
  }

  /** The peer let a request time out and has sent nothing since. */
  get isSnubbed(): boolean {
    return this.#isSnubbed;
  }

  /**
   * How many more requests may be sent now. 0 also while there is room for a few only: a deep window is filled up by several
   * at a time, so that they leave in one write and arrive in one read.
   *
   * @param peerLimit unanswered requests that the peer accepts (BEP 10, `reqq`); a late one that may still wait there is one
   */
  room(peerLimit: number, now: number): number {
    const count = this.outstandingCount;
    const roomThere = this.roomThere(peerLimit, now);
    if (this.#isSnubbed) return Math.max(0, Math.min(1 - count, roomThere));
    const depth = Math.min(this.#depth.depth, peerLimit);
    const room = Math.min(depth - count, roomThere);
    return room < depth * MIN_REFILL ? 0 : room;
  }

  /** How many more requests the peer keeps, whatever the window; see `room`. */
  roomThere(peerLimit: number, now: number): number {
    return Math.max(0, peerLimit - this.outstandingCount - this.overdueCount(now));
  }

  /**
   * A block is to be asked for. False if it waits at the peer already, and nothing is to be sent: it was asked for, then taken back;
   * or it timed out, and the peer works off its queue since. Nothing else that is outstanding is asked for again; `PieceAssembly`
   * holds that.
   */
  sent(block: BlockRef, now: number): boolean {
    if (this.#takenBack?.delete(blockKey(block)) === true) return false;
    const isRevived = this.#late?.revive(block, this.#lastAnswerAt, now) === true;
    if (isRevived) (this.#revived ??= new Set()).add(blockKey(block));
    this.#outstanding ??= new RequestsInFlight();
    this.#outstanding.push(block, now, ++this.#lastSequence, this.#depth.receivedCount);
    return !isRevived;
  }

  /** Another is asked for the block, for this peer was silent; it stays outstanding, so that silence has its consequences. */
  takenBack(block: BlockRef): void {
    (this.#takenBack ??= new Set()).add(blockKey(block));
  }

  /** A block came. `late`: it was asked for once, then timed out or was cancelled; `unexpected`: never asked for. */
  received(block: BlockPlace, now: number): 'expected' | 'late' | 'unexpected' {
    const outstanding = this.#outstanding;
    const place = outstanding?.find(block.piece, block.begin);
    if (outstanding === undefined || place === undefined) {
      if (!this.#takeLate(block, now)) return 'unexpected';
      if (this.#isSnubbed) this.#recover();
      else this.#depth.receivedLate();
      return 'late';
    }
    const sentAt = outstanding.sentAt(place);
    const receivedBefore = outstanding.receivedBefore(place);
    const isRevived = this.#isRevived(block);
    this.#servedSequence = Math.max(this.#servedSequence, outstanding.sequenceAt(place));
    this.#answered(outstanding, place, now);
    if (this.#isSnubbed) this.#recover();
    else if (isRevived) this.#depth.receivedLate();
    else this.#depth.received(now, sentAt, receivedBefore);
    if (!isRevived) this.#responseTime.add(now - sentAt);
    this.#timeoutStreak = 0;
    return 'expected';
  }

  /** The peer refused a block (BEP 6). It is alive, but proved nothing about its speed. */
  rejected(block: BlockPlace, now: number): 'expected' | 'late' | 'unexpected' {
    const place = this.#outstanding?.find(block.piece, block.begin);
    if (this.#outstanding === undefined || place === undefined) {
      return this.#takeLate(block, now) ? 'late' : 'unexpected';
    }
    this.#answered(this.#outstanding, place, now);
    return 'expected';
  }

  /**
   * We told the peer that we no longer want a block; its answer may be under way, and BEP 6 promises one. The peer hears of
   * it before it hears of the next request, so that it waits there no longer.
   */
  cancelled(block: BlockRef, now: number): void {
    const place = this.#outstanding?.find(block.piece, block.begin);
    if (this.#outstanding === undefined || place === undefined) return;
    this.#becomeLate(this.#outstanding, place, now, 'dropped');
  }

  /** Some requests may still wait at the peer that others were asked for since, for they were overdue, or taken back. */
  hasForsaken(now: number): boolean {
    return this.overdueCount(now) > 0 || (this.#takenBack?.size ?? 0) > 0;
  }

  /** A block came from elsewhere; true if a request for it that was forsaken may still wait at the peer, which is to be told. */
  cancelForsaken(block: BlockRef, now: number): boolean {
    if (this.#takenBack?.has(blockKey(block)) === true) {
      this.cancelled(block, now);
      return true;
    }
    return this.#late?.cancel(block, now) === true;
  }

  /**
   * Takes out the requests that are overdue at `now`; answers to them will be `late`.
   *
   * A peer that sends is given time: a request is overdue when nothing at all came for the timeout since it was sent, or,
   * once a later request was answered before it, when it has taken longer than the timeout itself.
   */
  expire(now: number): BlockRef[] {
    const expired: BlockRef[] = [];
    const outstanding = this.#outstanding;
    if (outstanding === undefined) return expired;
    let isSilent = false;
    const timeoutMs = this.#timeoutMs();
    for (let place = outstanding.oldest; place !== undefined; place = outstanding.oldest) {
      if (this.#startOf(outstanding, place) + timeoutMs > now) break;
      isSilent ||= !this.#isOvertaken(outstanding, place);
      const isInLine = this.#isInLine(outstanding, place);
      expired.push(...this.#becomeLate(outstanding, place, now, isInLine ? 'in line' : 'passed over'));
    }
    if (isSilent) {
      this.#isSnubbed = true;
      this.#timeoutStreak += 1;
    }
    return expired;
  }

  /** When `expire` will next find something, as things stand. */
  nextDeadline(): number | undefined {
    const place = this.#outstanding?.oldest;
    // The oldest is always first: overtaken requests are the oldest ones, and count from when they were sent.
    return this.#outstanding === undefined || place === undefined
      ? undefined
      : this.#startOf(this.#outstanding, place) + this.#timeoutMs();
  }

  /**
   * Takes out all requests, because the peer choked us and has so dropped them (BEP 3, without BEP 6); what is under way
   * already is `late`. A new start follows.
   */
  clear(now: number): BlockRef[] {
    const blocks: BlockRef[] = [];
    const outstanding = this.#outstanding;
    for (
      let place = outstanding?.oldest;
      outstanding !== undefined && place !== undefined;
      place = outstanding.oldest
    ) {
      blocks.push(...this.#becomeLate(outstanding, place, now, 'dropped'));
    }
    this.#late?.dropped();
    this.#depth.startAnew(this.#options.initialWindow);
    return blocks;
  }

  #answered(outstanding: RequestsInFlight, place: number, now: number): void {
    this.#lastAnswerAt = now;
    this.#answeredSequence = Math.max(this.#answeredSequence, outstanding.sequenceAt(place));
    this.#remove(outstanding, place);
  }

  #takeLate(block: BlockPlace, now: number): boolean {
    if (this.#late?.take(block, now) !== true) return false;
    this.#lastAnswerAt = now;
    return true;
  }

  #becomeLate(outstanding: RequestsInFlight, place: number, now: number, whereabouts: Whereabouts): BlockRef[] {
    const block = outstanding.blockAt(place);
    if (block === undefined) return [];
    this.#remove(outstanding, place);
    this.#late ??= new LateRequests();
    this.#late.add(block, now, whereabouts);
    return [block];
  }

  #remove(outstanding: RequestsInFlight, place: number): void {
    const block = outstanding.blockAt(place);
    if (block !== undefined) {
      this.#takenBack?.delete(blockKey(block));
      this.#revived?.delete(blockKey(block));
    }
    outstanding.remove(place);
  }

  /** A reject comes at once, and passes nothing over. What times out a second time is lost, and is sent the next time. */
  #isInLine(outstanding: RequestsInFlight, place: number): boolean {
    const block = outstanding.blockAt(place);
    return block !== undefined && !this.#isRevived(block) && outstanding.sequenceAt(place) >= this.#servedSequence;
  }

  #isRevived(block: BlockPlace): boolean {
    return this.#revived?.has(blockKey(block)) === true;
  }

  #isOvertaken(outstanding: RequestsInFlight, place: number): boolean {
    return outstanding.sequenceAt(place) < this.#answeredSequence;
  }

  /** From when on the peer is seen to keep a request waiting. */
  #startOf(outstanding: RequestsInFlight, place: number): number {
    const sentAt = outstanding.sentAt(place);
    return this.#isOvertaken(outstanding, place) ? sentAt : Math.max(sentAt, this.#lastAnswerAt);
  }

  #timeoutMs(): number {
    const { minTimeoutMs, maxTimeoutMs } = this.#options;
    const patience = this.#responseTime.upperBoundMs * 2 ** Math.min(this.#timeoutStreak, MAX_TIMEOUT_DOUBLINGS);
    return Math.min(Math.max(patience, minTimeoutMs), maxTimeoutMs);
  }

  /** A snubbed peer sends again: it begins small, and grows as a new one does. */
  #recover(): void {
    this.#isSnubbed = false;
    this.#depth.startAnew(this.#options.minWindow);
  }
}

/** How long the peer takes to answer: mean and mean deviation, smoothed as TCP smooths its round trip (RFC 6298). */
class ResponseTime {
  #meanMs: number | undefined;
  #deviationMs = 0;

  add(sampleMs: number): void {
    if (this.#meanMs === undefined) {
      this.#meanMs = sampleMs;
      this.#deviationMs = sampleMs / 2;
      return;
    }
    const error = sampleMs - this.#meanMs;
    this.#meanMs += error / 8;
    this.#deviationMs += (Math.abs(error) - this.#deviationMs) / 4;
  }

  /** Almost every answer comes within this. */
  get upperBoundMs(): number {
    if (this.#meanMs === undefined) return FIRST_TIMEOUT_MS;
    // A peer as regular as a clock has no deviation, and is not to be timed out for a hair.
    return this.#meanMs + Math.max(4 * this.#deviationMs, this.#meanMs / 2);
  }
}

/** Patience with a peer that has never answered. Shorter than libtorrent's 20 s a piece: others may have the block. */
const FIRST_TIMEOUT_MS = 10_000;
const MAX_TIMEOUT_DOUBLINGS = 5;
/** A slow uplink that serves eight peers in turn answers within this. */
const SILENCE_MS = 4_000;
/** A share of the depth: what is asked for at a time. */
const MIN_REFILL = 1 / 16;
