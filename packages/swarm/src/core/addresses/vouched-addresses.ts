import { PEX_FLAGS, type PeerAddress, type PexPeer } from '@p2p/wire';

import { wasGoodLately } from './back-off.js';
import { compareForMemory, isSeed, isTrusted, type KnownAddress } from './known-address.js';
import { drawToFront, type Random } from '../random.js';

/** Up to `count` peers that we are or were lately linked to, by lot: whom we can vouch for to others. */
export function acquaintancesAmong(
  known: Iterable<KnownAddress>,
  count: number,
  random: Random,
  now: number,
): PexPeer[] {
  const met = [...known].filter(
    (each) => each.state.kind === 'connected' || (each.failures === 0 && wasGoodLately(each, now)),
  );
  const chosenCount = Math.min(count, met.length);
  drawToFront(random, met, chosenCount);
  return met.slice(0, chosenCount).map((each) => {
    const flags = (each.isReachable ? PEX_FLAGS.reachable : 0) | (isSeed(each, now) ? PEX_FLAGS.uploadOnly : 0);
    return { address: each.address, flags };
  });
}

/** Addresses worth keeping across restarts, best first: those connected longest, then those that were of use. */
export function worthRemembering(known: Iterable<KnownAddress>): PeerAddress[] {
  return [...known]
    .filter((each) => isTrusted(each) || each.isReachable)
    .sort(compareForMemory)
    .slice(0, MAX_REMEMBERED)
    .map(({ address }) => address);
}

/** simulation.md, C.3: a cache of 300 to 3,000. */
const MAX_REMEMBERED = 300;
