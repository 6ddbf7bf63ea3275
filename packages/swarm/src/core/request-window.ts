import { BLOCK_BYTES, type BlockRef } from '@p2p/wire';

import { assert } from './assert.js';
import { blockKey } from './block-key.js';
import { RateMeter } from './rate-meter.js';

/** Choices of a `RequestWindow`; windows are counted in blocks. */
export interface RequestWindowOptions {
  readonly minWindow: number;
  readonly maxWindow: number;
  /** Before anything is known of the peer. Deep, because a link of the local network is empty before a first answer comes. */
  readonly initialWindow: number;
  /** How long the peer's queue of our requests should last. libtorrent: 3 s. */
  readonly queueTimeMs: number;
  readonly minTimeoutMs: number;
  readonly maxTimeoutMs: number;
}

/**
 * The requests in flight to one peer: how many there may be, which answers are expected, which ones are overdue.
 *
 * A request is in exactly one of two places: outstanding (it has a deadline), or late (it timed out or was cancelled here,
 * but the peer may still answer; BEP 6 lets us close a peer for an answer to a question never asked, so we remember).
 *
 * The window starts deep and grows by one per block received, that is, doubles per round trip, while the rate grows; then
 * it follows the rate so that the peer's queue lasts `queueTimeMs`. A silent peer is snubbed: one request at a time.
 */
export class RequestWindow {
  readonly #options: RequestWindowOptions;
  readonly #meter = new RateMeter();
  readonly #responseTime = new ResponseTime();
  readonly #outstanding = new Map<number, InFlight>();
  /** Key to the number of answers that may still come. The oldest is forgotten at `MAX_LATE`. */
  readonly #late = new Map<number, number>();
  /** Outstanding requests in the order in which they were sent, as a list. */
  #oldest: InFlight | undefined;
  #newest: InFlight | undefined;
  #lastSequence = 0;
  /** The latest sent of the requests that were answered. */
  #answeredSequence = 0;
  #lastAnswerAt = -Infinity;
  #window: number;
  #isGrowing = true;
  /** Undefined until something was asked for. */
  #growthCheckedAt: number | undefined;
  #rateAtGrowthCheck = 0;
  #isSnubbed = false;
  /** Timeouts since the last answer in time; each doubles the patience. */
  #timeoutStreak = 0;

  constructor(options: RequestWindowOptions) {
    this.#options = options;
    this.#window = options.initialWindow;
  }

  get outstandingCount(): number {
    return this.#outstanding.size;
  }

  /** The peer let a request time out and has sent nothing since. */
  get isSnubbed(): boolean {
    return this.#isSnubbed;
  }

  /** Bytes per second that this peer sends us. */
  bytesPerSecond(now: number): number {
    return this.#meter.bytesPerSecond(now);
  }

  /**
   * How many more requests may be sent now.
   *
   * @param peerLimit unanswered requests that the peer accepts (BEP 10, `reqq`)
   */
  room(now: number, peerLimit: number): number {
    if (this.#isSnubbed) return Math.max(0, 1 - this.#outstanding.size);
    this.#adapt(now);
    return Math.max(0, Math.min(this.#window, peerLimit) - this.#outstanding.size);
  }

  sent(block: BlockRef, now: number): void {
    const key = blockKey(block);
    assert(!this.#outstanding.has(key), 'a block is asked of a peer once at a time');
    const request: InFlight = {
      block,
      sentAt: now,
      sequence: ++this.#lastSequence,
      older: this.#newest,
      newer: undefined,
    };
    if (this.#newest === undefined) this.#oldest = request;
    else this.#newest.newer = request;
    this.#newest = request;
    this.#outstanding.set(key, request);
    this.#growthCheckedAt ??= now;
  }

  /** A block came. `late`: it was asked for once, then timed out or was cancelled; `unexpected`: never asked for. */
  received(block: BlockRef, now: number): 'expected' | 'late' | 'unexpected' {
    const answered = this.#answer(block, now);
    if (answered === 'unexpected') return 'unexpected';
    this.#meter.add(now, block.length);
    if (this.#isSnubbed) this.#recover();
    else if (this.#isGrowing && this.#window < this.#options.maxWindow) this.#window += 1;
    if (answered === 'late') return 'late';
    this.#responseTime.add(now - answered.sentAt);
    this.#timeoutStreak = 0;
    return 'expected';
  }

  /** The peer refused a block (BEP 6). It is alive, but proved nothing about its speed. */
  rejected(block: BlockRef, now: number): 'expected' | 'late' | 'unexpected' {
    const answered = this.#answer(block, now);
    return typeof answered === 'string' ? answered : 'expected';
  }

  /** We told the peer that we no longer want a block; its answer may be under way, and BEP 6 promises one. */
  cancelled(block: BlockRef): void {
    const request = this.#outstanding.get(blockKey(block));
    if (request !== undefined) this.#becomeLate(request);
  }

  /**
   * Takes out the requests that are overdue at `now`; answers to them will be `late`.
   *
   * A peer that sends is given time: a request is overdue when nothing at all came for the timeout since it was sent, or,
   * once a later request was answered before it, when it has taken longer than the timeout itself.
   */
  expire(now: number): BlockRef[] {
    const expired: BlockRef[] = [];
    let isSilent = false;
    const timeoutMs = this.#timeoutMs();
    for (let request = this.#oldest; request !== undefined; request = this.#oldest) {
      if (this.#startOf(request) + timeoutMs > now) break;
      isSilent ||= !this.#isOvertaken(request);
      this.#becomeLate(request);
      expired.push(request.block);
    }
    if (isSilent) {
      this.#isSnubbed = true;
      this.#timeoutStreak += 1;
    }
    return expired;
  }

  /** When `expire` will next find something, as things stand. */
  nextDeadline(): number | undefined {
    // The oldest is always first: overtaken requests are the oldest ones, and count from when they were sent.
    return this.#oldest === undefined ? undefined : this.#startOf(this.#oldest) + this.#timeoutMs();
  }

  /** Takes out all requests, because the peer choked us; what is under way already is `late`. A new start follows. */
  clear(): BlockRef[] {
    const blocks: BlockRef[] = [];
    for (let request = this.#oldest; request !== undefined; request = this.#oldest) {
      this.#becomeLate(request);
      blocks.push(request.block);
    }
    this.#startAnew(this.#options.initialWindow);
    return blocks;
  }

  #answer(block: BlockRef, now: number): InFlight | 'late' | 'unexpected' {
    const key = blockKey(block);
    const request = this.#outstanding.get(key);
    if (request === undefined) {
      const answers = this.#late.get(key);
      if (answers === undefined) return 'unexpected';
      if (answers > 1) this.#late.set(key, answers - 1);
      else this.#late.delete(key);
      this.#lastAnswerAt = now;
      return 'late';
    }
    this.#remove(request);
    this.#lastAnswerAt = now;
    this.#answeredSequence = Math.max(this.#answeredSequence, request.sequence);
    return request;
  }

  #becomeLate(request: InFlight): void {
    const key = blockKey(request.block);
    this.#remove(request);
    const answers = this.#late.get(key) ?? 0;
    this.#late.set(key, answers + 1);
    if (this.#late.size <= MAX_LATE) return;
    for (const oldest of this.#late.keys()) {
      this.#late.delete(oldest);
      return;
    }
  }

  #remove(request: InFlight): void {
    this.#outstanding.delete(blockKey(request.block));
    const { older, newer } = request;
    if (older === undefined) this.#oldest = newer;
    else older.newer = newer;
    if (newer === undefined) this.#newest = older;
    else newer.older = older;
  }

  #isOvertaken(request: InFlight): boolean {
    return request.sequence < this.#answeredSequence;
  }

  /** From when on the peer is seen to keep a request waiting. */
  #startOf(request: InFlight): number {
    return this.#isOvertaken(request) ? request.sentAt : Math.max(request.sentAt, this.#lastAnswerAt);
  }

  #timeoutMs(): number {
    const { minTimeoutMs, maxTimeoutMs } = this.#options;
    const patience = this.#responseTime.upperBoundMs * 2 ** Math.min(this.#timeoutStreak, MAX_TIMEOUT_DOUBLINGS);
    return Math.min(Math.max(patience, minTimeoutMs), maxTimeoutMs);
  }

  /** A snubbed peer sends again: it begins small, and grows as a new one does. */
  #recover(): void {
    this.#isSnubbed = false;
    this.#startAnew(this.#options.minWindow);
  }

  #startAnew(window: number): void {
    this.#window = window;
    this.#isGrowing = true;
    this.#growthCheckedAt = undefined;
    this.#rateAtGrowthCheck = 0;
  }

  #adapt(now: number): void {
    const { minWindow, maxWindow, queueTimeMs } = this.#options;
    if (this.#isGrowing) {
      const isEarly = this.#growthCheckedAt === undefined || now - this.#growthCheckedAt < GROWTH_CHECK_MS;
      if (isEarly) return;
      const rate = this.#meter.bytesPerSecond(now);
      this.#isGrowing = rate > this.#rateAtGrowthCheck * MIN_GROWTH;
      this.#rateAtGrowthCheck = rate;
      this.#growthCheckedAt = now;
      if (this.#isGrowing) return;
    }
    const blocksInQueueTime = (this.#meter.bytesPerSecond(now) * queueTimeMs) / 1_000 / BLOCK_BYTES;
    this.#window = Math.min(Math.max(Math.ceil(blocksInQueueTime), minWindow), maxWindow);
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

interface InFlight {
  readonly block: BlockRef;
  readonly sentAt: number;
  /** Order of sending: 1, 2, 3, … */
  readonly sequence: number;
  older: InFlight | undefined;
  newer: InFlight | undefined;
}

/** Patience with a peer that has never answered. Shorter than libtorrent's 20 s a piece: others may have the block. */
const FIRST_TIMEOUT_MS = 10_000;
/** Late requests remembered: four full windows of libtorrent's size. */
const MAX_LATE = 2_048;
const MAX_TIMEOUT_DOUBLINGS = 5;
const GROWTH_CHECK_MS = 1_000;
/** The rate must be up by a tenth for the window to go on growing with every block. */
const MIN_GROWTH = 1.1;
