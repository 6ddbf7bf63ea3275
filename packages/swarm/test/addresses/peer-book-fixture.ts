import type { PeerAddress } from '@p2p/wire';

import { PeerBook, type AddressSource } from '../../src/core/addresses/peer-book.js';
import { SeededRandom } from '../../src/testing/index.js';

export const TOLD: AddressSource = { kind: 'told' };
export const CACHE: AddressSource = { kind: 'cache' };
export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;

/** Public addresses, each in a network of its own. */
export function peer(index: number, port = 7000): PeerAddress {
  return { host: `${20 + Math.floor(index / 200)}.${index % 200}.7.1`, port };
}

export function pex(from: PeerAddress, flags = 0): AddressSource {
  return { kind: 'pex', from, flags };
}

export const ALICE = peer(900);
export const BOB = peer(901);

export function book(seed = 1, maxAddresses = 3_000): PeerBook {
  return new PeerBook(new SeededRandom(seed), maxAddresses);
}

/** Every address that may be dialled at `now`, best first. */
export function dialAll(from: PeerBook, now: number): PeerAddress[] {
  const dialed: PeerAddress[] = [];
  for (let next = from.nextDial(now); next !== undefined; next = from.nextDial(now)) dialed.push(next);
  return dialed;
}
