import type { StallReason } from '@p2p/cli';
import type { SwarmStatus } from '@p2p/swarm';

/** Notices that a download has stopped, and says why. */
export class StallDetector {
  #bytes = -1;
  #lastArrivalMs = 0;

  /**
   * @param status of the swarm now
   * @param isDiskFailing whether storage has failed since the last piece was stored
   * @param nowMs a clock that never goes back
   * @returns the reason, once nothing has arrived for ten seconds; at once if the disk fails
   */
  observe(status: SwarmStatus, isDiskFailing: boolean, nowMs: number): StallReason | undefined {
    const bytes = status.downloadedBytes + status.haveBytes;
    if (bytes !== this.#bytes) {
      this.#bytes = bytes;
      this.#lastArrivalMs = nowMs;
    }
    if (status.totalBytes !== undefined && status.haveBytes >= status.totalBytes) return undefined;
    if (isDiskFailing) return 'disk-error';
    return nowMs - this.#lastArrivalMs < STALL_MS ? undefined : reasonOf(status);
  }
}

/** The first reason in the order of what must be there before the next can matter. */
function reasonOf(status: SwarmStatus): StallReason {
  if (status.peerCount === 0) {
    if (status.knownAddressCount > 0) return 'connecting';
    // Who sends corrupt data is banned, and a ban takes the address away.
    return status.corruptBytes > 0 ? 'no-peers-left' : 'no-peers-known';
  }
  if (status.totalBytes === undefined) return 'no-metadata';
  const useful = status.peers.filter((peer) => peer.amInterested);
  if (useful.length === 0) return 'pieces-missing';
  return useful.every((peer) => peer.isChokingUs) ? 'choked' : 'silent';
}

/** Long enough for a round of the choker (10 s), short enough for a person who waits. */
const STALL_MS = 10_000;
