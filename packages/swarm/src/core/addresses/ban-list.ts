import { formatPeerAddress, type PeerAddress } from '@p2p/wire';

import { hostScope } from './address-rules.js';

/**
 * Who sent us corrupt data and is not spoken to for a while.
 *
 * Ports cost nothing, so a ban holds for the whole host; only on this machine, where a simulation or a test runs many
 * honest nodes beside the bad one, does it hold for the one address.
 */
export class BanList {
  /** Until when, by scope; in order of time, since all bans are equally long. */
  readonly #until = new Map<string, number>();

  /** @param scope as `banScope` names it */
  ban(scope: string, now: number): void {
    this.#until.delete(scope);
    this.#until.set(scope, now + BAN_MS);
    if (this.#until.size <= MAX_BANS) return;
    for (const oldest of this.#until.keys()) {
      this.#until.delete(oldest);
      return;
    }
  }

  isBanned(address: PeerAddress, now: number): boolean {
    // The frequent case, asked for every address that is told.
    if (this.#until.size === 0) return false;
    const scope = banScope(address);
    const until = this.#until.get(scope);
    if (until === undefined) return false;
    if (until > now) return true;
    this.#until.delete(scope);
    return false;
  }
}

/** Who answers for what comes from an address, and is kept out with it: its host, or on this machine the one address. */
export function banScope(address: PeerAddress): string {
  return hostScope(address.host) === 'loopback' ? formatPeerAddress(address) : address.host;
}

/** features.md, E. */
const BAN_MS = 60 * 60 * 1_000;
const MAX_BANS = 1_000;
