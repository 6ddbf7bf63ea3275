import type { Payload } from '@p2p/swarm';

import { capacityBound, type Bound } from '../bounds.js';
import type { SimPeer } from '../world/sim-peer.js';
import type { World } from '../world/world.js';

/** LBt at the last completion of those that count: all that the honest uplinks there were could have carried what all had by then. */
export class MembershipBound {
  /** Seconds at which the last of those that count finished. */
  lastSeconds = 0;
  #received = 0;
  readonly #guess: Bound;

  /** @param guess until anybody has finished */
  constructor(guess: Bound) {
    this.#guess = guess;
  }

  watch<P extends Payload>(world: World<P>, counts: (peer: SimPeer<P>) => boolean): void {
    const { pieceCount, totalBytes } = world.content.metainfo.layout;
    world.onEvent((peer, event) => {
      if (event.kind !== 'complete' || peer.isSeeder || !counts(peer)) return;
      this.lastSeconds = world.nowSeconds;
      const pieces = world.peers.reduce((sum, each) => sum + (each.isSeeder ? 0 : each.have.count), 0);
      this.#received = (pieces / pieceCount) * totalBytes;
    });
  }

  of<P extends Payload>(world: World<P>): Bound {
    if (this.#received === 0) return this.#guess;
    const spans = world.peers
      .filter(({ isHonest }) => isHonest)
      .map(({ startedAtSeconds, endedAtSeconds, plan }) => ({
        from: startedAtSeconds,
        to: endedAtSeconds ?? Infinity,
        up: plan.link.upBytesPerSecond,
      }));
    return capacityBound(spans, this.#received);
  }
}
