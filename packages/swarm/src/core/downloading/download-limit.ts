import { BLOCK_BYTES } from '@p2p/wire';

import { DEADLINE } from '../deadline-keys.js';
import type { Payload } from '../payload.js';
import type { SwarmState } from '../swarm-state.js';
import { TokenBucket } from '../token-bucket.js';

/** How many blocks may be asked for by the limit that the user set. */
export class DownloadLimit<P extends Payload> {
  readonly #state: SwarmState<P>;
  readonly #bucket: TokenBucket;

  constructor(state: SwarmState<P>) {
    this.#state = state;
    this.#bucket = new TokenBucket(state.options.downloadBytesPerSecond);
  }

  /** How much of the room the limit admits now; a wake-up is armed where that is less. */
  admitted(room: number): number {
    const { now, deadlines, options } = this.#state;
    if (options.downloadBytesPerSecond === Infinity || room <= 0) return room;
    const admitted = Math.min(room, Math.floor(this.#bucket.available(now) / BLOCK_BYTES));
    if (admitted < room) deadlines.arm(DEADLINE.downloadLimit, this.#bucket.readyAt(now, BLOCK_BYTES));
    return admitted;
  }

  /** A block of so many bytes is asked for. */
  take(bytes: number): void {
    this.#bucket.take(this.#state.now, bytes);
  }
}
