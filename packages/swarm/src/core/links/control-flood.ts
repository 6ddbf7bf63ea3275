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

  /**
   * Counts a frame that made us look at every piece, as many times over as that is dearer than others: a bitfield or have all
   * that is not the first (BEP 6), the first piece that a seed loses (BEP 54).
   *
   * It may be as cheap as the haves that are as long as a bitfield. aria2 sends another bitfield when it is shorter than the haves
   * that it stands for, and so pays nothing.
   *
   * @param newsCount pieces of which it told us that the peer has them
   * @returns false if the peer has exceeded its allowance: a violation
   */
  admitsLookAtAll(pieceCount: number, newsCount: number, now: number): boolean {
    const price = Math.min(Math.floor(pieceCount / BITS_PER_HAVE), MAX_PRICE) - newsCount;
    return price <= 0 || this.#allowance.take(now, price);
  }
}

function isBoundedElsewhere(type: Message['type']): boolean {
  return type === 'request' || type === 'piece' || type === 'reject';
}

/** Protocol.md, D2 row 24. */
const CONTROL_FRAMES_PER_SECOND = 1_000;
/** Endgame cancels whole queues at once: two full windows of 2000 requests. */
const CONTROL_FRAMES_BURST = 4_000;
/** Pieces in a bitfield that is as long as one have, 9 bytes. */
const BITS_PER_HAVE = 72;
/** Of one frame: half a burst, so that an honest peer can pay for what it does once, however many pieces there are. */
const MAX_PRICE = CONTROL_FRAMES_BURST / 2;
