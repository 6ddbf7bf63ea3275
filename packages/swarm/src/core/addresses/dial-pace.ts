import { TokenBucket } from '../token-bucket.js';

/** How fast a swarm dials: in all, and those addresses of which one source has told too many. */
export class DialPace {
  readonly #all = new TokenBucket(DIALS_PER_SECOND, DIALS_BURST);
  readonly #overShare = new TokenBucket(OVER_SHARE_DIALS_PER_SECOND, 1);

  /** Whether any dial may begin now. */
  allows(now: number): boolean {
    return this.#all.available(now) >= 1;
  }

  /** Counts a dial that begins; false if it must wait. */
  take(now: number): boolean {
    return this.#all.take(now, 1);
  }

  /** Counts one of an address whose source has more than its share of our links; false if it must wait. */
  takeOverShare(now: number): boolean {
    return this.#overShare.take(now, 1);
  }

  /** When a dial that has to wait may begin: always after `now`; undefined if none has to. */
  readyAt(now: number): number | undefined {
    const pace = this.allows(now) ? this.#overShare : this.#all;
    if (pace.available(now) >= 1) return undefined;
    // At least a millisecond away: who looks at one instant twice finds what was there the first time.
    return Math.max(now + 1, pace.readyAt(now, 1));
  }
}

/** libtorrent: 30 a second, and a burst of 30 at the start. */
const DIALS_PER_SECOND = 30;
const DIALS_BURST = 30;
/**
 * Beyond its share one source's addresses are dialled as slowly as this. A late joiner whom only one can tell anything has twenty
 * links after five seconds; with one a second it had fourteen.
 */
const OVER_SHARE_DIALS_PER_SECOND = 3;
