import { describe, expect, it } from 'vitest';

import { banScope } from '../../src/core/addresses/ban-list.js';
import { ALICE, BOB, book, CACHE, dialAll, HOUR, MINUTE, peer, pex, SECOND, TOLD } from './peer-book-fixture.js';

describe('the order in which a peer book dials', () => {
  it('begins with what a person told, then what nobody tried, then what two sources know', () => {
    const known = book();
    known.add(peer(1), pex(ALICE), 0);
    known.add(peer(2), pex(ALICE), 0);
    known.add(peer(2), pex(BOB), 0);
    known.add(peer(3), TOLD, 0);
    known.add(peer(4), pex(ALICE), 0);
    expect(known.nextDial(0)).toEqual(peer(3));
    expect(known.nextDial(0)).toEqual(peer(2));
    expect(dialAll(known, 0)).toHaveLength(2);
  });

  it('tries the untried before what failed, and what failed once before what failed twice', () => {
    const known = book();
    known.add(peer(1), CACHE, 0);
    known.nextDial(0);
    known.dialFailed(peer(1), 0);
    known.nextDial(20 * SECOND);
    known.dialFailed(peer(1), 20 * SECOND);
    known.add(peer(2), CACHE, 20 * SECOND);
    known.nextDial(20 * SECOND);
    known.dialFailed(peer(2), 20 * SECOND);
    known.add(peer(3), CACHE, MINUTE);
    expect(dialAll(known, MINUTE)).toEqual([peer(3), peer(2), peer(1)]);
  });

  it('follows BEP 40 once our own address is known', () => {
    const known = book();
    const us = { host: '123.213.32.10', port: 0 };
    // Priorities from BEP 40's own examples: 0xec2d7224 and 0x99568189.
    const [far, near] = [
      { host: '98.76.54.32', port: 7000 },
      { host: '123.213.32.234', port: 7000 },
    ];
    known.add(near, CACHE, 0);
    known.setOwnAddress(us);
    known.add(far, CACHE, 0);
    expect(dialAll(known, 0)).toEqual([far, near]);
  });

  it('is by lot among equals: another node, another order', () => {
    const orders = [1, 2].map((seed) => {
      const known = book(seed);
      for (let index = 0; index < 20; index++) known.add(peer(index), CACHE, 0);
      return dialAll(known, 0);
    });
    expect(orders[0]).not.toEqual(orders[1]);
    const [first = [], second = []] = orders;
    expect(first.map(({ host }) => host).sort()).toEqual(second.map(({ host }) => host).sort());
  });

  it('puts those of a source that has a quarter of our links behind those of others, and is slow with them', () => {
    for (let seed = 1; seed <= 8; seed++) {
      const known = book(seed);
      for (let index = 0; index < 9; index++) {
        known.add(peer(index), pex(ALICE), 0);
        known.connected(peer(index), 0);
      }
      for (let index = 10; index < 15; index++) known.add(peer(index), pex(ALICE), 0);
      known.add(peer(20), pex(BOB), 0);
      expect(known.nextDial(0)).toEqual(peer(20));
      expect(dialAll(known, 0)).toHaveLength(1);
      expect(dialAll(known, 300)).toHaveLength(0);
      expect(known.nextWakeup(300)).toBe(334);
      expect(dialAll(known, 334)).toHaveLength(1);
    }
  });

  it('dials a feeler by lot, though a better one is there', () => {
    const known = book();
    known.add(peer(0), TOLD, 0);
    for (let index = 1; index < 10; index++) known.add(peer(index), pex(ALICE), 0);
    const feelers = Array.from({ length: 10 }, () => known.nextFeeler(0));
    expect(feelers[0]).not.toEqual(peer(0));
    expect(new Set(feelers.map((address) => address?.host)).size).toBe(10);
    expect(known.nextFeeler(0)).toBeUndefined();
  });
});

describe('what a peer book believes', () => {
  it('takes no more than 200 addresses from one source, and room comes back when they are withdrawn', () => {
    const known = book();
    const added = Array.from({ length: 250 }, (_, index) => known.add(peer(index), pex(ALICE), 0));
    expect(added.filter(Boolean)).toHaveLength(200);
    expect(known.add(peer(249), pex(BOB), 0)).toBe(true);
    known.withdraw(peer(0), ALICE);
    expect(known.add(peer(248), pex(ALICE), 0)).toBe(true);
  });

  it('mutes a source of whose addresses nine in ten are dead, unless others know them too', () => {
    const known = book();
    for (let index = 0; index < 120; index++) known.add(peer(index), pex(ALICE), 0);
    let now = 0;
    for (let count = 0; count < 50; count++, now += SECOND) {
      const address = known.nextDial(now);
      if (address !== undefined) known.dialFailed(address, now);
    }
    // The back-off of those that failed is not over yet for all; nobody's word counts for the rest.
    const untried = Array.from({ length: 120 }, (_, index) => peer(index)).filter(
      (address) => known.sourceOf(address) !== undefined,
    );
    expect(untried).toHaveLength(120);
    expect(known.nextDial(now)).toBeUndefined();
    expect(known.add(peer(500), pex(ALICE), now)).toBe(false);
    const [confirmed = peer(0)] = untried;
    for (const address of untried) known.add(address, pex(BOB), now);
    expect(known.nextDial(now)).toBeDefined();
    expect(known.sourceOf(confirmed)).toMatchObject({ kind: 'pex' });
  });

  it('listens to a muted source again after an hour', () => {
    const known = book();
    for (let index = 0; index < 60; index++) known.add(peer(index), pex(ALICE), 0);
    for (let now = 0; now < MINUTE; now += SECOND) {
      const address = known.nextDial(now);
      if (address !== undefined) known.dialFailed(address, now);
    }
    expect(known.add(peer(500), pex(ALICE), MINUTE)).toBe(false);
    expect(known.add(peer(500), pex(ALICE), 2 * HOUR)).toBe(true);
    // And judges it afresh: one more dead address does not mute it.
    known.nextDial(2 * HOUR);
    known.dialFailed(peer(500), 2 * HOUR);
    expect(known.add(peer(501), pex(ALICE), 2 * HOUR)).toBe(true);
    for (let index = 600; index < 660; index++) known.add(peer(index), pex(ALICE), 2 * HOUR);
    for (let now = 2 * HOUR; now < 3 * HOUR; now += SECOND) {
      const address = known.nextDial(now);
      if (address !== undefined) known.dialFailed(address, now);
    }
    expect(known.add(peer(502), pex(ALICE), 3 * HOUR - 1)).toBe(false);
  });

  it('does not mute a source half of whose addresses answer', () => {
    const known = book();
    for (let index = 0; index < 120; index++) known.add(peer(index), pex(ALICE), 0);
    let now = 0;
    for (let count = 0; count < 60; count++, now += SECOND) {
      const address = known.nextDial(now);
      if (address === undefined) continue;
      if (count % 2 === 0) known.dialFailed(address, now);
      else known.connected(address, now);
    }
    expect(known.nextDial(now)).toBeDefined();
  });

  it('dials a port below 1024 only when two sources name it', () => {
    const known = book();
    known.add(peer(1, 25), pex(ALICE), 0);
    known.add(peer(1, 25), pex(ALICE), 0);
    expect(known.nextDial(0)).toBeUndefined();
    known.add(peer(1, 25), pex(BOB), 0);
    expect(known.nextDial(0)).toEqual(peer(1, 25));
  });

  it('lets only the source that named an address take it back, and not once it was dialled', () => {
    const known = book();
    known.add(peer(1), pex(ALICE), 0);
    known.withdraw(peer(1), BOB);
    expect(known.size).toBe(1);
    known.withdraw(peer(1), ALICE);
    expect(known.size).toBe(0);
    known.add(peer(1), pex(ALICE), 0);
    known.nextDial(0);
    known.dialFailed(peer(1), 0);
    known.withdraw(peer(1), ALICE);
    expect(known.size).toBe(1);
    known.add(peer(2), pex(ALICE), 0);
    known.add(peer(2), pex(BOB), 0);
    known.withdraw(peer(2), ALICE);
    expect(known.size).toBe(2);
  });

  it('never dials what may not be dialled on a peer’s word', () => {
    const known = book();
    const forbidden = [
      { host: '127.0.0.1', port: 7000 },
      { host: '10.0.0.1', port: 7000 },
      { host: '224.0.0.1', port: 7000 },
      { host: '8.8.8.8', port: 0 },
    ];
    expect(forbidden.map((address) => known.add(address, pex(ALICE), 0))).toEqual([false, false, false, false]);
    expect(known.size).toBe(0);
  });

  it('never dials itself again, once it has met itself', () => {
    const known = book();
    known.add(peer(1), TOLD, 0);
    known.nextDial(0);
    known.markSelf(peer(1));
    expect(known.size).toBe(0);
    expect(known.add(peer(1), pex(ALICE), 0)).toBe(false);
    expect(known.nextDial(HOUR)).toBeUndefined();
  });

  it('keeps 3,000 addresses, gives up what failed for something new, and nothing else', () => {
    const known = book();
    for (let index = 0; index < 3_000; index++) known.add(peer(index), CACHE, 0);
    expect(known.add(peer(3_001), CACHE, 0)).toBe(false);
    const dialed = known.nextDial(0);
    if (dialed === undefined) throw new Error('expected an address');
    known.dialFailed(dialed, 0);
    expect(known.add(peer(3_001), CACHE, 0)).toBe(true);
    expect(known.sourceOf(dialed)).toBeUndefined();
    expect(known.add(peer(3_002), TOLD, 0)).toBe(true);
    expect(known.size).toBe(3_000);
  });

  it('takes a person’s word over a peer’s: failures count no longer', () => {
    const known = book();
    known.add(peer(1), pex(ALICE), 0);
    known.nextDial(0);
    known.dialFailed(peer(1), 0);
    expect(known.nextDial(1)).toBeUndefined();
    known.add(peer(1), TOLD, 1);
    expect(known.sourceOf(peer(1))).toEqual(TOLD);
    expect(known.nextDial(1)).toEqual(peer(1));
  });
});

describe('bans', () => {
  it('keep a host out for an hour, on any port', () => {
    const known = book();
    known.add(peer(1, 7000), CACHE, 0);
    known.add(peer(1, 7001), TOLD, 0);
    known.ban(banScope(peer(1, 9999)), 0);
    expect(known.isBanned(peer(1, 50_000), HOUR - 1)).toBe(true);
    expect(known.add(peer(1, 7000), TOLD, 5)).toBe(false);
    expect(known.nextDial(5)).toBeUndefined();
    expect(known.isBanned(peer(1, 50_000), HOUR)).toBe(false);
    expect(known.add(peer(1, 7000), TOLD, HOUR)).toBe(true);
  });

  it('hold for what is dialled or connected at that moment', () => {
    const known = book();
    for (const port of [7000, 7001]) known.add(peer(1, port), TOLD, 0);
    for (const port of [7000, 7001]) expect(known.nextDial(0)).toEqual(peer(1, port));
    known.connected(peer(1, 7000), 0);
    known.ban(banScope(peer(1)), 0);
    known.disconnected(peer(1, 7000), 1, 'good');
    known.dialFailed(peer(1, 7001), 1);
    expect(known.nextDial(HOUR / 2)).toBeUndefined();
    expect(known.size).toBe(0);
  });

  it('on this machine concern one address alone', () => {
    const known = book();
    known.ban(banScope({ host: '127.0.0.1', port: 7000 }), 0);
    expect(known.isBanned({ host: '127.0.0.1', port: 7000 }, 1)).toBe(true);
    expect(known.isBanned({ host: '127.0.0.1', port: 7001 }, 1)).toBe(false);
  });

  it('are a thousand at the most, the oldest forgotten first', () => {
    const known = book();
    for (let index = 0; index < 1_001; index++) known.ban(banScope(peer(index)), index);
    expect([known.isBanned(peer(0), 2_000), known.isBanned(peer(1), 2_000)]).toEqual([false, true]);
  });
});

describe('the neighbourhood', () => {
  it('is not dialled into where there are links enough, and is once there is room', () => {
    const known = book();
    const { host } = peer(1);
    for (let count = 0; count < 3; count++) known.links.opened(host);
    known.add(peer(1), TOLD, 0);
    expect(known.nextDial(0)).toBeUndefined();
    known.links.closed(host);
    expect(known.nextDial(0)).toEqual(peer(1));
  });
});

describe('the memory for the next run', () => {
  it('names those connected longest first, then those that were of use, and nothing that only one peer said', () => {
    const known = book();
    for (const index of [1, 2, 3, 4]) known.add(peer(index), CACHE, 0);
    for (const _ of [1, 2, 3, 4]) known.nextDial(0);
    known.connected(peer(2), 20);
    known.connected(peer(1), 10);
    known.connected(peer(3), 5);
    known.disconnected(peer(3), 30, 'good');
    known.dialFailed(peer(4), 30);
    known.add(peer(5), pex(ALICE), 30);
    known.add(peer(6), pex(ALICE), 30);
    known.add(peer(6), pex(BOB), 30);
    expect(known.snapshot()).toEqual([peer(1), peer(2), peer(3), peer(6), peer(4)]);
  });

  it('is bounded', () => {
    const known = book();
    for (let index = 0; index < 1_000; index++) known.add(peer(index), CACHE, 0);
    expect(known.snapshot()).toHaveLength(300);
  });
});
