import type { PeerAddress } from '@p2p/wire';

import { networkGroupOf } from './address-rules.js';
import type { AddressSource, KnownAddress } from './known-address.js';
import { oneOf, type Random } from '../random.js';

/**
 * The addresses that we only heard of, in buckets by the network of who told us.
 *
 * When the book is full, the fullest bucket gives way: a party with many ids but few networks can push out what it told
 * itself, and little else. Addresses that we dialled with success, that a person named or that an earlier run left us are
 * not among these and are not pushed out by what anybody tells ("tried" and "new" tables, Heilman et al., USENIX
 * Security 2015; there the bucket is a hash, here it is the group itself).
 */
export class NewAddresses {
  readonly #buckets = new Map<string, Set<KnownAddress>>();

  add(known: KnownAddress): void {
    const group = sourceGroup(known.source, known.address);
    if (group === undefined) return;
    const bucket = this.#buckets.get(group);
    if (bucket === undefined) this.#buckets.set(group, new Set([known]));
    else bucket.add(known);
    known.bucket = group;
  }

  delete(known: KnownAddress): void {
    const { bucket: group } = known;
    if (group === undefined) return;
    known.bucket = undefined;
    const bucket = this.#buckets.get(group);
    bucket?.delete(known);
    if (bucket?.size === 0) this.#buckets.delete(group);
  }

  /** The address to forget for a new one: of the fullest bucket what failed most, else one by lot. */
  victim(random: Random): KnownAddress | undefined {
    let fullest: Set<KnownAddress> | undefined;
    for (const bucket of this.#buckets.values()) {
      if (fullest === undefined || bucket.size > fullest.size) fullest = bucket;
    }
    const idle = [...(fullest ?? [])].filter(({ state }) => state.kind === 'ready' || state.kind === 'waiting');
    let worst = oneOf(random, idle);
    for (const known of idle) if (known.failures > (worst?.failures ?? 0)) worst = known;
    return worst;
  }
}

function sourceGroup(source: AddressSource, address: PeerAddress): string | undefined {
  if (source.kind === 'pex') return networkGroupOf(source.from.host);
  return source.kind === 'incoming' ? networkGroupOf(address.host) : undefined;
}
