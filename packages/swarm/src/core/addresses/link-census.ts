import { hostScope, networkOf } from './address-rules.js';

/**
 * How many links go to one host and one network: a party with many ids but few networks must not become our
 * neighbourhood (Sybil, protocol.md, D2 row 14). Links on this machine and in private networks are not limited.
 *
 * Counted by where they lead, dials under way included, whatever the peer says of its own address, or does not.
 */
export class LinkCensus {
  readonly #counts = new Map<string, number>();

  opened(host: string): void {
    this.#count(host, 1);
  }

  closed(host: string): void {
    this.#count(host, -1);
  }

  /** One more link to this host would be one too many: 3 to a public host, 8 into its /24 or /48. */
  isCrowded(host: string): boolean {
    if (hostScope(host) !== 'public') return false;
    const onHost = this.#counts.get(host) ?? 0;
    const inNetwork = this.#counts.get(networkKey(host)) ?? 0;
    return onHost >= MAX_LINKS_PER_HOST || inNetwork >= MAX_LINKS_PER_NETWORK;
  }

  #count(host: string, change: 1 | -1): void {
    for (const key of [host, networkKey(host)]) {
      const count = (this.#counts.get(key) ?? 0) + change;
      if (count <= 0) this.#counts.delete(key);
      else this.#counts.set(key, count);
    }
  }
}

function networkKey(host: string): string {
  return `network ${networkOf(host)}`;
}

const MAX_LINKS_PER_HOST = 3;
const MAX_LINKS_PER_NETWORK = 8;
