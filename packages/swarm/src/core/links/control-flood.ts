import type { Message } from '@p2p/wire';

import { TokenBucket } from '../token-bucket.js';

/**
 * Notices a peer that keeps our event loop busy with frames that cost it nothing (protocol.md, D2 row 24).
 *
 * Counted is only what a peer could send for ever without anything else stopping it. Requests are bounded by
 * `Uploading`, which counts those it refuses, blocks and rejects by what we asked for, news (`have`, allowed-fast) by the number of pieces; a
 * fast honest peer sends thousands of those a second. A `have` of a piece that we knew it has is not news, and counts.
 */
export class ControlFlood {
  readonly #allowance = new TokenBucket(CONTROL_FRAMES_PER_SECOND, CONTROL_FRAMES_BURST);

  /**
   * Counts one received frame.
   *
   * @param isNews the frame told something we did not know (a `have` of a new piece): it is not counted
   * @returns false if the peer has exceeded its allowance: a violation
   */
  admits(type: Message['type'], isNews: boolean, now: number): boolean {
    return isBoundedElsewhere(type) || isNews || this.#allowance.take(now, 1);
  }
}

function isBoundedElsewhere(type: Message['type']): boolean {
  return type === 'request' || type === 'piece' || type === 'reject';
}

/** Protocol.md, D2 row 24. */
const CONTROL_FRAMES_PER_SECOND = 1_000;
/** Endgame cancels whole queues at once: two full windows of 2000 requests. */
const CONTROL_FRAMES_BURST = 4_000;
