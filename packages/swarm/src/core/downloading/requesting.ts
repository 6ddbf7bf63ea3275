import { BLOCK_BYTES } from '@p2p/wire';

import { DEADLINE } from '../deadline-keys.js';
import type { Payload } from '../payload.js';
import type { BlockScheduler } from '../pieces/block-scheduler.js';
import type { Session } from '../session.js';
import type { SwarmState } from '../swarm-state.js';
import { TokenBucket } from '../token-bucket.js';
import type { DownloadRoom } from './download-room.js';
import { MAX_BLOCKS_BY_FAVOUR, mayAskWhileChoked } from './favours.js';
import { hintsFor } from './hints-for.js';
import { bySoonest, type HungrySessions } from './hungry-sessions.js';

/**
 * How much is asked of whom, and in which order.
 *
 * With one peer to ask, its own window decides. With several, what is asked of all together is bounded (`DownloadRoom`), and handed
 * out when all inputs of a moment are in: first to whoever will send soonest, a piece at a time. Whoever has just sent would take
 * it all else, be it the slowest.
 */
export class Requesting<P extends Payload> {
  readonly #state: SwarmState<P>;
  readonly #room: DownloadRoom;
  readonly #hungry: HungrySessions<P>;
  readonly #limit: TokenBucket;
  #pausedUntil = 0;
  /** Somebody could be asked for more. */
  #hasTakers = false;

  constructor(state: SwarmState<P>, room: DownloadRoom, hungry: HungrySessions<P>) {
    this.#state = state;
    this.#room = room;
    this.#hungry = hungry;
    this.#limit = new TokenBucket(state.options.downloadBytesPerSecond);
  }

  /** Until then nothing is asked of anybody. */
  get pausedUntil(): number {
    return this.#pausedUntil;
  }

  pauseUntil(time: number): void {
    this.#pausedUntil = time;
  }

  /** Asks the peer for as much as its window admits; unless room is scarce: then what there is comes in `handOut`. */
  ask(session: Session, scheduler: BlockScheduler): void {
    const { now } = this.#state;
    if (this.#isPaused(session)) return;
    if (session.isChokingUs) {
      if (!mayAskWhileChoked(session, scheduler, now)) return;
      this.#request(session, scheduler, { most: MAX_BLOCKS_BY_FAVOUR, beginsWith: 0 });
      return;
    }
    const room = session.window.room(session.peerRequestLimit, now);
    if (room <= 0) return;
    if (this.#blocksOfAll() >= this.#room.giverCount * Math.max(room, PLENTY)) {
      const blockCount = this.#request(session, scheduler, { most: room, beginsWith: this.#beginsWith(scheduler) });
      if (blockCount === room) this.#hungry.delete(session);
      return;
    }
    this.#hungry.add(session);
    this.#hasTakers = true;
  }

  /** Gives the room that there is to those who could be asked for more. */
  handOut(): void {
    const { content, now, deadlines } = this.#state;
    if (!this.#hasTakers || content === undefined) return;
    this.#hasTakers = false;
    const { scheduler } = content;
    const beginsWith = this.#beginsWith(scheduler);
    for (let takers = this.#hungry.inOrder(); takers.length > 0; takers.sort(bySoonest)) {
      const room = this.#blocksOfAll();
      if (room < beginsWith) {
        deadlines.arm(DEADLINE.downloadRoom, now + LOOK_AGAIN_MS);
        return;
      }
      const most = Math.max(beginsWith, Math.floor(room / takers.length));
      takers = takers.filter((session) => this.#give(session, scheduler, { most, beginsWith }));
    }
  }

  /** One's share; false if it takes nothing, or nothing is left. */
  #give(session: Session, scheduler: BlockScheduler, { most, beginsWith }: Share): boolean {
    const room = this.#blocksOfAll();
    if (room < beginsWith || this.#isPaused(session)) return false;
    return this.#request(session, scheduler, { most: Math.min(most, room), beginsWith }) > 0;
  }

  /** Asks the peer for as many blocks as its window, the download limit and its share admit; returns how many. */
  #request(session: Session, scheduler: BlockScheduler, { most, beginsWith }: Share): number {
    const state = this.#state;
    const { now } = state;
    const room = this.#throttled(Math.min(session.window.room(session.peerRequestLimit, now), most));
    if (room <= 0) return 0;
    const blocks = scheduler.pick(session.id, room, hintsFor(session, state, beginsWith));
    for (const block of blocks) {
      session.window.sent(block, now);
      this.#limit.take(now, block.length);
      state.send(session, { type: 'request', piece: block.piece, begin: block.begin, length: block.length });
    }
    if (blocks.length > 0) this.#room.changed(session);
    if (blocks.length < room) this.#hungry.add(session);
    state.deadlines.arm(session.id, session.window.nextDeadline());
    return blocks.length;
  }

  /**
   * What a short piece needs is asked for at once: half a piece here and half a piece there are two pieces that wait. With one peer to ask
   * there is no other whom a rest could go to.
   */
  #beginsWith(scheduler: BlockScheduler): number {
    return this.#room.giverCount <= 1 ? 0 : Math.min(scheduler.blocksOfPiece, MOST_AT_ONCE);
  }

  #isPaused(session: Session): boolean {
    const { now } = this.#state;
    return now < this.#pausedUntil || now < session.requestsPausedUntil;
  }

  #blocksOfAll(): number {
    const { downMeter, now } = this.#state;
    return this.#room.blocks(downMeter.bytesPerSecond(now), now);
  }

  /** How many blocks the download limit admits now; a wake-up is armed where it admits fewer than there is room for. */
  #throttled(room: number): number {
    const { now, deadlines, options } = this.#state;
    if (options.downloadBytesPerSecond === Infinity || room <= 0) return room;
    const admitted = Math.min(room, Math.floor(this.#limit.available(now) / BLOCK_BYTES));
    if (admitted < room) deadlines.arm(DEADLINE.downloadLimit, this.#limit.readyAt(now, BLOCK_BYTES));
    return admitted;
  }
}

/** Blocks that one may be asked for at a time. */
interface Share {
  readonly most: number;
  /** See `PickHints`. */
  readonly beginsWith: number;
}

/** Blocks for each: then everybody gets what its window admits, and their order does not matter. */
const PLENTY = 16;
const LOOK_AGAIN_MS = 1_000;
/** Blocks; less than there is room for when nobody owes us any. Longer pieces are begun with so many: they take long in any case. */
const MOST_AT_ONCE = 4;
