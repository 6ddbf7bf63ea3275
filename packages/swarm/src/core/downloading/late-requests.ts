import { blockKey } from '../pieces/block-key.js';

/**
 * The requests that we gave up, and to which one peer may still answer: it timed out, we cancelled it, or the peer choked us.
 *
 * Some of them may still wait in the peer's queue, and count against what it accepts (BEP 10, `reqq`). Nothing tells when a
 * peer has dropped one in silence, so that each counts for a minute or two at the most.
 */
export class LateRequests {
  readonly #late = new Map<number, Late>();
  /** Those that may wait, by the minute in which they were given up: this one, and the one before. */
  #waitingNow = 0;
  #waitingBefore = 0;
  #minute = 0;

  /** How many may still wait at the peer. */
  waitingCount(now: number): number {
    this.#turn(now);
    return this.#waitingNow + this.#waitingBefore;
  }

  add(block: BlockPlace, now: number, whereabouts: Whereabouts): void {
    this.#turn(now);
    const key = blockKey(block);
    const earlier = this.#late.get(key);
    if (earlier !== undefined) this.#forget(key, earlier);
    const waiting = (earlier === undefined ? 0 : this.#countedOf(earlier)) + Number(whereabouts !== 'dropped');
    this.#waitingNow += waiting;
    const answers = (earlier?.answers ?? 0) + 1;
    const isInLine = whereabouts === 'in line';
    this.#late.set(key, { answers, waiting, isInLine, givenUpAt: now, minute: this.#minute });
    if (this.#late.size > MAX_LATE) this.#forgetOldest();
  }

  /** An answer came; false if none is expected. */
  take(block: BlockPlace, now: number): boolean {
    this.#turn(now);
    const key = blockKey(block);
    const late = this.#late.get(key);
    if (late === undefined) return false;
    this.#waitsNoLonger(late);
    late.answers -= 1;
    if (late.answers === 0) this.#forget(key, late);
    return true;
  }

  /**
   * A block is to be asked for again. True if it need not be: the request is in line at the peer, which has answered something
   * since we gave it up, and so works off what we asked. Its answer is late no longer.
   *
   * @param lastAnswerAt when the peer last answered anything
   */
  revive(block: BlockPlace, lastAnswerAt: number, now: number): boolean {
    this.#turn(now);
    const late = this.#late.get(blockKey(block));
    if (late?.isInLine !== true || this.#countedOf(late) === 0 || lastAnswerAt <= late.givenUpAt) return false;
    return this.take(block, now);
  }

  /** A block came from elsewhere; true if the peer may still hold a request for it, which it is now to drop. Its answer is still late. */
  cancel(block: BlockPlace, now: number): boolean {
    this.#turn(now);
    const late = this.#late.get(blockKey(block));
    // One cancel takes back one request, and the peer may keep each of those that it got.
    return late !== undefined && this.#waitsNoLonger(late);
  }

  /** The peer has dropped all that waited. Answers that were under way may still come. */
  dropped(): void {
    for (const late of this.#late.values()) late.waiting = 0;
    this.#waitingNow = 0;
    this.#waitingBefore = 0;
  }

  #turn(now: number): void {
    const minute = Math.floor(now / MINUTE_MS);
    if (minute === this.#minute) return;
    this.#waitingBefore = minute === this.#minute + 1 ? this.#waitingNow : 0;
    this.#waitingNow = 0;
    this.#minute = minute;
  }

  #countedOf({ waiting, minute }: Late): number {
    return minute >= this.#minute - 1 ? waiting : 0;
  }

  /** One of the requests is out of the peer's queue; false if none was thought to be in it. */
  #waitsNoLonger(late: Late): boolean {
    if (this.#countedOf(late) === 0) return false;
    this.#uncount(late, 1);
    late.waiting -= 1;
    return true;
  }

  #uncount(late: Late, count: number): void {
    if (late.minute === this.#minute) this.#waitingNow -= count;
    else this.#waitingBefore -= count;
  }

  #forget(key: number, late: Late): void {
    const counted = this.#countedOf(late);
    if (counted > 0) this.#uncount(late, counted);
    this.#late.delete(key);
  }

  #forgetOldest(): void {
    for (const [key, late] of this.#late) {
      this.#forget(key, late);
      return;
    }
  }
}

/** Where a block begins; the message that brings it will do. */
export interface BlockPlace {
  readonly piece: number;
  readonly begin: number;
}

/**
 * Where a late request is, as far as we know: the peer does not hold it any more; or may hold it in its queue, where it has passed it
 * over, or has yet to come to it.
 */
export type Whereabouts = 'dropped' | 'passed over' | 'in line';

interface Late {
  /** That may still come. */
  answers: number;
  /** Of these requests, how many may wait at the peer. */
  waiting: number;
  readonly isInLine: boolean;
  /** When the last of them was given up, and in which minute. */
  readonly givenUpAt: number;
  readonly minute: number;
}

const MINUTE_MS = 60_000;
/** Late requests remembered: four full windows of libtorrent's size. The oldest is forgotten first. */
const MAX_LATE = 2_048;
