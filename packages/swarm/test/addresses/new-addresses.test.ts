import type { PeerAddress } from '@p2p/wire';
import { describe, expect, it } from 'vitest';

import { PeerBook, type AddressSource } from '../../src/core/addresses/peer-book.js';
import { SeededRandom } from '../../src/testing/index.js';

function peer(index: number): PeerAddress {
  return { host: `${20 + Math.floor(index / 200)}.${index % 200}.7.1`, port: 7000 };
}

function from(host: string): AddressSource {
  return { kind: 'pex', from: { host, port: 7000 }, flags: 0 };
}

describe('a full book', () => {
  it('gives up what the network said that has told most: one party cannot push out what others told', () => {
    const book = new PeerBook(new SeededRandom(1), 100);
    const honest = Array.from({ length: 40 }, (_, index) => peer(index));
    for (const [index, address] of honest.entries()) book.add(address, from(`${100 + index}.1.1.1`), 0);
    // Many ids, one network.
    for (let index = 0; index < 4_000; index++) book.add(peer(100 + index), from(`66.6.${index % 250}.1`), 0);
    expect(book.size).toBe(100);
    const left = honest.filter((address) => book.sourceOf(address) !== undefined);
    expect(left).toHaveLength(40);
  });

  it('changes slowly under a flood of news', () => {
    const book = new PeerBook(new SeededRandom(1), 100);
    for (let index = 0; index < 100; index++) book.add(peer(index), from(`${20 + index}.1.1.1`), 0);
    const added = Array.from({ length: 400 }, (_, index) => book.add(peer(200 + index), from('99.9.9.9'), 0));
    const share = added.filter(Boolean).length / added.length;
    expect(share).toBeGreaterThan(0.1);
    expect(share).toBeLessThan(0.4);
  });

  it('keeps what we dialled with success, what is connected, what an earlier run left us and what a person told', () => {
    const book = new PeerBook(new SeededRandom(1), 50);
    book.add(peer(1), from('99.1.1.1'), 0);
    expect(book.nextDial(0)).toEqual(peer(1));
    book.connected(peer(1), 0);
    book.disconnected(peer(1), 60_000, 'good');
    book.connected(peer(2), 0);
    book.add(peer(3), { kind: 'cache' }, 0);
    book.add(peer(4), { kind: 'told' }, 0);
    for (let index = 0; index < 2_000; index++) book.add(peer(100 + index), from(`66.${index % 200}.1.1`), 0);
    expect(book.size).toBe(50);
    for (const index of [1, 2, 3, 4]) expect(book.sourceOf(peer(index))).toBeDefined();
  });
});

describe('an address that was good', () => {
  const book = () => {
    const known = new PeerBook(new SeededRandom(1), 50);
    known.add(peer(1), from('99.1.1.1'), 0);
    known.nextDial(0);
    known.connected(peer(1), 0);
    known.disconnected(peer(1), 130_000, 'good');
    return known;
  };

  it('is tried every half minute for ten minutes, for a partition ends without a word', () => {
    const known = book();
    const dials: number[] = [];
    for (let now = 130_000; now < 6 * 3_600_000; now = known.nextWakeup(now) ?? Infinity) {
      if (known.nextDial(now) === undefined) continue;
      dials.push(now);
      known.dialFailed(peer(1), now);
    }
    const gaps = dials.slice(1).map((at, index) => at - (dials[index] ?? 0));
    const lately = gaps.filter((_, index) => (dials[index] ?? 0) < 130_000 + 10 * 60_000);
    expect(lately.length).toBeGreaterThan(14);
    expect(Math.max(...lately)).toBeLessThanOrEqual(37_500);
    expect(Math.max(...gaps.slice(lately.length))).toBeGreaterThan(5 * 60_000);
  });

  it('is found by a feeler while it waits, but not within half a minute of the last dial', () => {
    const known = book();
    let dialedAt = 0;
    for (let now = 140_000; now < 300_000; now += 1_000) {
      if (known.nextDial(now) === undefined) continue;
      dialedAt = now;
      known.dialFailed(peer(1), now);
    }
    expect(known.nextFeeler(dialedAt + 29_999)).toBeUndefined();
    expect(known.nextFeeler(dialedAt + 30_000)).toEqual(peer(1));
  });

  it('is ready again when a peer has dialled it, which is news', () => {
    const known = book();
    let dialedAt = 0;
    for (let now = 140_000; now < 300_000; now += 1_000) {
      if (known.nextDial(now) === undefined) continue;
      dialedAt = now;
      known.dialFailed(peer(1), now + 15_000);
    }
    // Backs off until 45 s after the dial at least.
    const now = dialedAt + 40_000;
    const tellOf = (flags: number) => known.add(peer(1), { kind: 'pex', from: peer(9), flags }, now);
    const newsBefore = known.newsCount;
    tellOf(0);
    expect([known.newsCount, known.nextDial(now)]).toEqual([newsBefore, undefined]);
    tellOf(0x10);
    expect([known.newsCount, known.nextDial(now)]).toEqual([newsBefore + 1, peer(1)]);
  });

  it('is left alone for a minute when one of us had no room', () => {
    const known = book();
    known.nextDial(140_000);
    known.connected(peer(1), 140_000);
    known.disconnected(peer(1), 200_000, 'crowded');
    expect(known.nextDial(259_999)).toBeUndefined();
    expect(known.nextDial(275_000)).toEqual(peer(1));
  });
});

describe('whom a book vouches for', () => {
  it('is who is linked to us, or was not long ago, and nobody it only heard of', () => {
    const known = new PeerBook(new SeededRandom(1), 50);
    known.add(peer(1), from('99.1.1.1'), 0);
    known.add(peer(2), { kind: 'cache' }, 0);
    known.connected(peer(3), 0);
    known.connected(peer(4), 0);
    known.disconnected(peer(4), 60_000, 'good');
    known.connected(peer(5), 0);
    known.disconnected(peer(5), 60_000, 'useless');
    const hosts = (now: number) =>
      known
        .acquaintances(9, now)
        .map(({ address }) => address.host)
        .sort();
    expect(hosts(61_000)).toEqual([peer(3).host, peer(4).host]);
    expect(hosts(30 * 60_000)).toEqual([peer(3).host]);
    expect(known.acquaintances(1, 61_000)).toHaveLength(1);
  });
});
