import { PEX_FLAGS } from '@p2p/wire';
import { describe, expect, it } from 'vitest';

import { ALICE, book, CACHE, dialAll, HOUR, MINUTE, peer, pex, SECOND, TOLD } from './peer-book-fixture.js';

describe('the pace at which a peer book dials', () => {
  it('is thirty at once, and thirty a second from then on', () => {
    const known = book();
    for (let index = 0; index < 100; index++) known.add(peer(index), CACHE, 0);
    expect(dialAll(known, 0)).toHaveLength(30);
    expect(dialAll(known, 500)).toHaveLength(15);
    const next = known.nextWakeup(500);
    expect(next).toBeGreaterThan(500);
    expect(next).toBeLessThanOrEqual(534);
    expect(dialAll(known, next ?? 0)).toHaveLength(1);
  });

  it('waits 10, 20, 40 s and so on after failures, and up to a quarter longer', () => {
    const known = book();
    known.add(peer(1), CACHE, 0);
    let now = 0;
    for (const delayMs of [10 * SECOND, 20 * SECOND]) {
      expect(known.nextDial(now)).toEqual(peer(1));
      known.dialFailed(peer(1), now);
      const retryAt = known.nextWakeup(now) ?? 0;
      expect(retryAt - now).toBeGreaterThanOrEqual(delayMs);
      expect(retryAt - now).toBeLessThanOrEqual(delayMs * 1.25);
      expect(known.nextDial(retryAt - 1)).toBeUndefined();
      now = retryAt;
    }
  });

  it('never dials one address more than three times in ten minutes, and every two hours in the end', () => {
    const known = book();
    known.add(peer(1), pex(ALICE), 0);
    const dials: number[] = [];
    for (let now = 0; now < 48 * HOUR; now = known.nextWakeup(now) ?? Infinity) {
      if (known.nextDial(now) === undefined) continue;
      dials.push(now);
      known.dialFailed(peer(1), now);
    }
    const gaps = dials.slice(3).map((at, index) => at - (dials[index] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(10 * MINUTE);
    const last = (dials.at(-1) ?? 0) - (dials.at(-2) ?? 0);
    expect(last).toBeGreaterThanOrEqual(2 * HOUR);
    expect(last).toBeLessThanOrEqual(2.5 * HOUR);
  });

  it('never gives up what a person told: it tries it every second at first, and every minute at least', () => {
    const known = book();
    known.add(peer(1), TOLD, 0);
    const dials: number[] = [];
    for (let now = 0; now < HOUR; now = known.nextWakeup(now) ?? Infinity) {
      if (known.nextDial(now) === undefined) continue;
      dials.push(now);
      known.dialFailed(peer(1), now);
    }
    expect(dials.length).toBeGreaterThan(40);
    const gaps = dials.slice(1).map((at, index) => at - (dials[index] ?? 0));
    expect(Math.max(...gaps.slice(0, 8))).toBeLessThanOrEqual(1.25 * SECOND);
    expect(gaps[8]).toBeGreaterThanOrEqual(2 * SECOND);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(75 * SECOND);
  });

  it('comes back soon to a peer that was of use, and later and later to one that was not', () => {
    const known = book();
    known.add(peer(1), CACHE, 0);
    known.nextDial(0);
    known.connected(peer(1), 0);
    known.disconnected(peer(1), MINUTE, 'good');
    const usefulAt = known.nextWakeup(MINUTE) ?? 0;
    expect(usefulAt - MINUTE).toBeLessThanOrEqual(6_250);
    expect(known.nextDial(usefulAt)).toEqual(peer(1));
    known.connected(peer(1), usefulAt);
    known.disconnected(peer(1), usefulAt, 'useless');
    expect((known.nextWakeup(usefulAt) ?? 0) - usefulAt).toBeGreaterThanOrEqual(10 * SECOND);
  });

  it('neither dials nor wakes while nothing is left', () => {
    const known = book();
    expect(known.nextWakeup(0)).toBeUndefined();
    known.add(peer(1), CACHE, 0);
    known.nextDial(0);
    expect([known.nextDial(0), known.nextWakeup(0)]).toEqual([undefined, undefined]);
    known.connected(peer(1), 10);
    expect([known.nextDial(HOUR), known.nextWakeup(HOUR)]).toEqual([undefined, undefined]);
  });

  it('leaves seeds alone once we are one, and finds them again when we are not', () => {
    const known = book();
    known.add(peer(1), pex(ALICE, PEX_FLAGS.uploadOnly), 0);
    known.add(peer(2), CACHE, 0);
    known.markSeed(peer(2), 0);
    expect(known.nextDial(0, { skipSeeds: true })).toBeUndefined();
    expect(known.nextWakeup(0)).toBeUndefined();
    expect(dialAll(known, 0)).toHaveLength(2);
  });

  it('looks again after ten minutes at what was a seed: it may have lost everything', () => {
    const known = book();
    known.add(peer(1), CACHE, 0);
    known.markSeed(peer(1), 0);
    expect(known.nextDial(10 * MINUTE - 1, { skipSeeds: true })).toBeUndefined();
    expect(known.nextDial(10 * MINUTE, { skipSeeds: true })).toEqual(peer(1));
  });
});
