import { formatPeerAddress, hostFromBytes, type PeerAddress } from '@p2p/wire';

import { hostScope, networkGroupOf } from './address-rules.js';

/**
 * What our own address is, by what peers say they see (BEP 10, `yourip`).
 *
 * One of them may lie, or stand behind the same router: believed is what more than half, and at least three, of distinct
 * networks say (protocol.md, D2 row 18). Only a preference hangs on it, the order of BEP 40.
 */
export class OwnAddressVote {
  /** What each network said last, oldest first. */
  readonly #votes = new Map<string, string>();

  /**
   * Counts a vote.
   *
   * @param voter its address, with the port where it listens if that is known
   * @param seen the 4 or 16 bytes that the peer sent; anything else is ignored
   * @returns our address as it is believed now
   */
  add(voter: PeerAddress, seen: Uint8Array): string | undefined {
    if (seen.length === 4 || seen.length === 16) {
      const key = voterKey(voter);
      this.#votes.delete(key);
      this.#votes.set(key, hostFromBytes(seen));
      if (this.#votes.size > MAX_VOTES) this.#forgetOldest();
    }
    return this.host;
  }

  /** Our address as it is believed now. */
  get host(): string | undefined {
    const counts = new Map<string, number>();
    for (const host of this.#votes.values()) {
      const count = (counts.get(host) ?? 0) + 1;
      if (count >= MIN_VOTES && count > this.#votes.size / 2) return host;
      counts.set(host, count);
    }
    return undefined;
  }

  #forgetOldest(): void {
    for (const voter of this.#votes.keys()) {
      this.#votes.delete(voter);
      return;
    }
  }
}

/** Public voters count once for each /16 (IPv6: /32); in a private network each host is a voter, on one machine each peer. */
function voterKey(voter: PeerAddress): string {
  return hostScope(voter.host) === 'loopback' ? formatPeerAddress(voter) : networkGroupOf(voter.host);
}

const MIN_VOTES = 3;
const MAX_VOTES = 100;
