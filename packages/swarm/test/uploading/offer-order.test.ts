import { BLOCK_BYTES, PieceLayout } from '@p2p/wire';
import { describe, expect, it } from 'vitest';

import type { Random } from '../../src/core/random.js';
import type { Session } from '../../src/core/session.js';
import { SwarmState } from '../../src/core/swarm-state.js';
import { OfferOrder } from '../../src/core/uploading/offer-order.js';
import { resolveSwarmOptions } from '../../src/swarm-options.js';
import { SeededRandom } from '../../src/testing/seeded-random.js';

const NOW = 1_000;
const layout = new PieceLayout(BLOCK_BYTES, 20 * BLOCK_BYTES);

describe('OfferOrder', () => {
  it('chooses nobody where nobody is able', () => {
    const order = new OfferOrder(new SeededRandom(1), 'rate-based', 'round-robin');
    for (const isSeeding of [false, true, true]) expect(order.choose([], isSeeding, NOW)).toBeUndefined();
  });

  it('prefers by rate who gave more, of eight who are drawn', () => {
    const peers = peersOf([100, 300, 200, 900, 1_000, 0, 0, 0, 0]);
    const lot = new Lot(peers.length, [0, 2, 0, 2, 0, 2, 2, 1, 3, 3, 4, 3, 3, 3, 3, 3]);
    const order = new OfferOrder(lot, 'rate-based', 'round-robin');
    expect(order.choose(peers, false, NOW)).toBe(peers[1]);
    expect(order.choose(peers, false, NOW)).toBe(peers[4]);
  });

  it('draws no more often than there are peers, so that the best of a few is not certain either', () => {
    const peers = peersOf([100, 300, 200]);
    const order = new OfferOrder(new Lot(peers.length, [0, 2, 2, 1]), 'rate-based', 'round-robin');
    expect(order.choose(peers, false, NOW)).toBe(peers[2]);
  });

  it('leaves out nobody, though some give more than the others', () => {
    const peers = peersOf([...new Array<number>(2).fill(9_000), ...new Array<number>(8).fill(100)]);
    const order = new OfferOrder(new SeededRandom(1), 'rate-based', 'round-robin');
    const counts = new Map<Session | undefined, number>();
    for (let draw = 0; draw < 1_000; draw++) {
      const chosen = order.choose(peers, false, NOW);
      counts.set(chosen, (counts.get(chosen) ?? 0) + 1);
    }
    expect(new Set(counts.keys())).toEqual(new Set(peers));
    const [fast = [], slow = []] = [peers.slice(0, 2), peers.slice(2)].map((some) =>
      some.map((peer) => counts.get(peer) ?? 0),
    );
    expect(Math.min(...fast)).toBeGreaterThan(Math.max(...slow));
  });

  it('prefers who has least where nodes cooperate', () => {
    const peers = peersOf([100, 200, 300], [5, 2, 9]);
    const order = new OfferOrder(new Lot(peers.length, [0, 1, 2]), 'cooperative', 'round-robin');
    expect(order.choose(peers, false, NOW)).toBe(peers[1]);
  });

  it('takes whoever is drawn first where turns go round', () => {
    const peers = peersOf([100, 200, 300], [5, 2, 9]);
    const order = new OfferOrder(new Lot(peers.length, [2, 0, 1]), 'round-robin', 'round-robin');
    expect(order.choose(peers, false, NOW)).toBe(peers[2]);
  });

  it('gives every other offer of a seeder to whoever has least of all', () => {
    const peers = peersOf([0, 0, 0], [5, 2, 9]);
    const order = new OfferOrder(new Lot(peers.length, [2]), 'rate-based', 'round-robin');
    const chosen = Array.from({ length: 6 }, () => order.choose(peers, true, NOW));
    expect(chosen.map((peer) => peer?.pieces.known?.count)).toEqual([2, 9, 2, 9, 2, 9]);
  });

  it('takes a peer that has said nothing of its pieces for one that has none', () => {
    const peers = [...peersOf([0], [1]), silentPeer()];
    const order = new OfferOrder(new SeededRandom(1), 'rate-based', 'round-robin');
    expect(order.choose(peers, true, NOW)).toBe(peers[1]);
  });
});

/** Draws the places that it is told, over and over. */
class Lot implements Random {
  readonly #size: number;
  readonly #places: readonly number[];
  #drawn = 0;

  constructor(size: number, places: readonly number[]) {
    this.#size = size;
    this.#places = places;
  }

  uint32(): number {
    const place = this.#places[this.#drawn++ % this.#places.length] ?? 0;
    return Math.floor(((place + 0.5) / this.#size) * 2 ** 32);
  }
}

/** Peers that gave us so many bytes each, and have so many pieces, or none. */
function peersOf(given: readonly number[], pieceCounts: readonly number[] = []): Session[] {
  return given.map((bytes, index) => {
    const session = silentPeer();
    session.downMeter.add(0, bytes);
    session.pieces.claim({ type: 'haveNone' }, layout);
    for (let piece = 0; piece < (pieceCounts[index] ?? 0); piece++)
      session.pieces.claim({ type: 'have', piece }, layout);
    return session;
  });
}

function silentPeer(): Session {
  const identity = { infoHash: new Uint8Array(20), peerId: new Uint8Array(20), listenPort: undefined };
  const state = new SwarmState(identity, new SeededRandom(1), resolveSwarmOptions({}));
  return state.openSession(1, { isOutgoing: false, remote: { host: '10.1.0.1', port: 50_000 } });
}
