import { BLOCK_BYTES } from '@p2p/wire';
import { array, assert, integer, nat, property, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';

import { RequestWindow } from '../../src/core/downloading/request-window.js';
import { block, indexOf, Link, NO_LIMIT, OPTIONS } from './request-window-fixture.js';

describe('RequestWindow: depth', () => {
  it('starts deep, doubles per round trip, and stops at its maximum', () => {
    const link = new Link({ roundTripMs: 1, bytesPerMs: Infinity });
    expect(link.window.room(NO_LIMIT, 0)).toBe(64);
    const depths = [1, 2, 3, 4, 5].map(() => link.roundTrip());
    expect(depths).toEqual([64, 128, 256, 512, 512]);
  });

  it('never exceeds what the peer accepts', () => {
    const window = new RequestWindow(OPTIONS);
    expect(window.room(10, 0)).toBe(10);
    window.sent(block(0), 0);
    expect(window.room(10, 0)).toBe(9);
    expect(window.room(0, 0)).toBe(0);
  });

  it('holds what was taken back as one request, however often it is asked for', () => {
    const window = new RequestWindow(OPTIONS);
    expect([window.sent(block(0), 0), window.sent(block(1), 0)]).toEqual([true, true]);
    for (const each of [block(0), block(1)]) window.takenBack(each);
    expect([window.sent(block(0), 5_000), window.outstandingCount]).toEqual([false, 2]);
    // The other was sent by somebody else; its answer may be under way, and then it may be asked for again.
    expect([window.cancelForsaken(block(1), 6_000), window.cancelForsaken(block(1), 6_000)]).toEqual([true, false]);
    expect([window.received(block(1), 6_000), window.sent(block(1), 6_000)]).toEqual(['late', true]);
    expect([window.received(block(0), 6_000), window.sent(block(0), 6_000)]).toEqual(['expected', true]);
    window.takenBack(block(0));
    window.clear(6_000);
    expect(window.sent(block(0), 6_000)).toBe(true);
    expect(window.hasForsaken(6_000)).toBe(false);
  });

  it('counts what timed out as long as it may wait at the peer', () => {
    const window = new RequestWindow(OPTIONS);
    for (let index = 0; index < 4; index++) window.sent(block(index), 0);
    expect(window.expire(10_000)).toHaveLength(4);
    // Silent, and full as far as we know: not even one more.
    expect(window.room(4, 10_000)).toBe(0);
    expect(window.room(5, 10_000)).toBe(1);
    expect(window.received(block(0), 11_000)).toBe('late');
    expect(window.room(4, 11_000)).toBe(1);
    window.rejected(block(1), 11_000);
    expect(window.room(4, 11_000)).toBe(2);
    // What is never answered was dropped: it is forgotten in the second minute after.
    expect(window.room(4, 60_000)).toBe(2);
    expect(window.room(4, 120_000)).toBe(2);
    for (let index = 4; index < 6; index++) window.sent(block(index), 120_000);
    expect(window.room(4, 120_000)).toBe(0);
  });

  it('counts neither what it cancelled nor what the peer dropped by a choke', () => {
    const window = new RequestWindow(OPTIONS);
    for (let index = 0; index < 4; index++) window.sent(block(index), 0);
    window.cancelled(block(0), 0);
    expect(window.room(4, 0)).toBe(1);
    window.clear(0);
    expect(window.room(4, 0)).toBe(4);
  });

  it('settles on what the way holds, half as much again, and a little for the queue', () => {
    // 16 MiB/s and 100 ms: 1,024 blocks a second, 102 on the way, of which 1.5 times is less than a queue of 250 ms.
    const near = new Link({ roundTripMs: 100, bytesPerMs: 16_777.216 });
    near.runFor(5_000);
    expect(Math.abs(near.depth - 252)).toBeLessThanOrEqual(8);
    // The same rate and 400 ms: 410 on the way.
    const far = new Link({ roundTripMs: 400, bytesPerMs: 16_777.216 }, { ...OPTIONS, maxWindow: 2_000 });
    far.runFor(10_000);
    expect(far.depth / (1.5 * 410 + 4)).toBeCloseTo(1, 1);
  });

  it('comes down to its minimum for a trickle', () => {
    const link = new Link({ roundTripMs: 50, bytesPerMs: 4 });
    // The first 64 blocks alone take 262 s.
    link.runFor(300_000);
    expect(link.depth).toBeLessThanOrEqual(2);
    expect(link.window.isSnubbed).toBe(false);
  });

  it('does not grow for a slow peer, whose answers only wait', () => {
    const link = new Link({ roundTripMs: 50, bytesPerMs: 100 }, { ...OPTIONS, initialWindow: 8 });
    let deepest = 0;
    for (let step = 0; step < 20; step++) {
      link.runFor(200);
      deepest = Math.max(deepest, link.depth);
    }
    expect(deepest).toBeLessThanOrEqual(12);
    expect(link.depth).toBeLessThanOrEqual(7);
  });

  it('is shallower within seconds when the peer slows down', () => {
    const link = new Link({ roundTripMs: 50, bytesPerMs: 16_384 });
    link.runFor(3_000);
    expect(link.depth).toBeGreaterThan(240);
    link.bytesPerMs = 163.84;
    link.runFor(30_000);
    expect(link.depth).toBeLessThan(10);
  });

  it('fills a link of one gigabit and 100 ms in ten round trips, from eight requests', () => {
    const options = { ...OPTIONS, initialWindow: 8, maxWindow: 2_000 };
    const link = new Link({ roundTripMs: 100, bytesPerMs: 125_000 }, options);
    link.runFor(1_000);
    const before = link.answered;
    link.runFor(1_000);
    expect((link.answered - before) * BLOCK_BYTES).toBeGreaterThan(0.97 * 125_000_000);
    // 763 blocks on the way.
    expect(link.depth).toBeGreaterThan(1_050);
    expect(link.depth).toBeLessThan(1_160);
  });

  it('keeps to a bound on a link so near that the way holds nothing', () => {
    const link = new Link({ roundTripMs: 0.2, bytesPerMs: 1_000_000 }, { ...OPTIONS, maxWindow: 2_000 });
    link.runFor(1_000);
    expect(link.depth).toBeGreaterThanOrEqual(480);
    expect(link.depth).toBeLessThanOrEqual(516);
  });

  it('asks for several at a time when the window is deep', () => {
    const window = new RequestWindow(OPTIONS);
    for (let index = 0; index < 64; index++) window.sent(block(index), 0);
    const rooms = [0, 1, 2].map((index) => {
      window.received(block(index), 10);
      return window.room(NO_LIMIT, 0);
    });
    // Each answer makes room for two, for the window grows; of 66 it takes five.
    expect(rooms).toEqual([0, 0, 6]);
  });

  it('starts anew after a choke', () => {
    const window = new RequestWindow(OPTIONS);
    window.sent(block(0), 0);
    window.sent(block(1), 0);
    expect(window.clear(0)).toEqual([block(0), block(1)]);
    expect(window.outstandingCount).toBe(0);
    expect(window.nextDeadline()).toBeUndefined();
    expect(window.room(NO_LIMIT, 0)).toBe(64);
    expect(window.received(block(0), 20_000)).toBe('late');
  });
});

describe('RequestWindow: after a choke', () => {
  it('grows again, though slower than it once was', () => {
    const link = new Link({ roundTripMs: 1_500, bytesPerMs: Infinity });
    for (let round = 0; round < 9; round++) link.roundTrip();
    link.window.clear(0);
    link.now += 60_000;
    expect([link.roundTrip(), link.roundTrip(), link.roundTrip()]).toEqual([64, 128, 256]);
  });
});

describe('RequestWindow: answers', () => {
  it('tells expected, late and unexpected blocks apart', () => {
    const window = new RequestWindow(OPTIONS);
    for (const index of [0, 1, 2]) window.sent(block(index), 0);
    window.cancelled(block(1), 0);
    expect(window.received(block(0), 10)).toBe('expected');
    expect(window.received(block(0), 10)).toBe('unexpected');
    expect(window.received(block(1), 10)).toBe('late');
    expect(window.received(block(1), 10)).toBe('unexpected');
    expect(window.received(block(9), 10)).toBe('unexpected');
    expect(window.outstandingCount).toBe(1);
  });

  it('does so for rejects too', () => {
    const window = new RequestWindow(OPTIONS);
    for (const index of [0, 1]) window.sent(block(index), 0);
    window.cancelled(block(1), 0);
    expect([0, 1, 2].map((index) => window.rejected(block(index), 10))).toEqual(['expected', 'late', 'unexpected']);
  });

  it('expects two answers to a block that was cancelled and asked for again', () => {
    const window = new RequestWindow(OPTIONS);
    window.sent(block(0), 0);
    window.cancelled(block(0), 0);
    window.sent(block(0), 5);
    window.cancelled(block(0), 0);
    window.sent(block(0), 9);
    expect(['first', 'second', 'third', 'fourth'].map(() => window.received(block(0), 10))).toEqual([
      'expected',
      'late',
      'late',
      'unexpected',
    ]);
  });

  it('tells a peer once to drop what timed out there and came from elsewhere, and still knows its answer', () => {
    const window = new RequestWindow(OPTIONS);
    for (const index of [0, 1]) window.sent(block(index), 0);
    expect(window.cancelForsaken(block(0), 1)).toBe(false);
    expect(window.expire(10_000)).toHaveLength(2);
    expect([window.room(3, 10_000), window.room(2, 10_000)]).toEqual([1, 0]);
    expect([0, 0, 2].map((index) => window.cancelForsaken(block(index), 10_000))).toEqual([true, false, false]);
    // It waits there no longer.
    expect(window.room(2, 10_000)).toBe(1);
    expect(window.rejected(block(0), 10_001)).toBe('late');
  });

  it('counts what a peer was asked twice until it is told twice to drop it', () => {
    // Found by the soup: after one cancel of two requests the peer was thought to have room for both.
    const window = new RequestWindow(OPTIONS);
    window.sent(block(0), 0);
    window.expire(10_000);
    window.sent(block(0), 10_000);
    window.expire(60_000);
    expect([window.cancelForsaken(block(0), 60_000), window.overdueCount(60_000)]).toEqual([true, 1]);
    expect([window.cancelForsaken(block(0), 60_000), window.overdueCount(60_000)]).toEqual([true, 0]);
    expect(window.cancelForsaken(block(0), 60_000)).toBe(false);
  });

  it('remembers late requests within a bound, the oldest going first', () => {
    const window = new RequestWindow(OPTIONS);
    for (let index = 0; index < 2_049; index++) {
      window.sent(block(index), 0);
      window.cancelled(block(index), 0);
    }
    expect(window.received(block(0), 1)).toBe('unexpected');
    expect(window.received(block(1), 1)).toBe('late');
    expect(window.received(block(2_048), 1)).toBe('late');
  });
});

describe('RequestWindow: timeouts', () => {
  it('gives a peer that never answered ten seconds, and twice as long each time after', () => {
    const window = new RequestWindow(OPTIONS);
    window.sent(block(0), 1_000);
    expect(window.nextDeadline()).toBe(11_000);
    expect(window.expire(10_999)).toEqual([]);
    expect(window.expire(11_000)).toEqual([block(0)]);
    window.sent(block(1), 11_000);
    expect(window.nextDeadline()).toBe(31_000);
    window.expire(31_000);
    window.sent(block(2), 31_000);
    expect(window.nextDeadline()).toBe(71_000);
    window.expire(71_000);
    window.sent(block(3), 71_000);
    expect(window.nextDeadline()).toBe(131_000);
  });

  it('snubs a silent peer: one request at a time, until it sends something', () => {
    const window = new RequestWindow(OPTIONS);
    window.sent(block(0), 0);
    window.sent(block(1), 0);
    window.expire(10_000);
    expect(window.isSnubbed).toBe(true);
    expect(window.room(NO_LIMIT, 0)).toBe(1);
    window.sent(block(2), 10_000);
    expect(window.room(NO_LIMIT, 0)).toBe(0);
    expect(window.received(block(0), 10_500)).toBe('late');
    expect(window.isSnubbed).toBe(false);
    expect(window.room(NO_LIMIT, 0)).toBe(1);
  });

  it('takes no request to a snubbed peer for a sign of life', () => {
    const window = new RequestWindow(OPTIONS);
    window.sent(block(0), 0);
    expect([window.isAnswering(3_999), window.isAnswering(4_000)]).toEqual([true, false]);
    window.expire(10_000);
    window.sent(block(0), 10_000);
    expect(window.isAnswering(10_000)).toBe(false);
    window.received(block(0), 10_500);
    window.sent(block(1), 10_500);
    expect(window.isAnswering(10_500)).toBe(true);
  });

  it('allows for how long the peer took so far', () => {
    const link = new Link({ roundTripMs: 800, bytesPerMs: Infinity });
    for (let round = 0; round < 50; round++) link.roundTrip();
    // Always 800 ms: the deviation is gone, half of the mean is added instead, and the minimum holds.
    link.window.sent(block(0), link.now);
    expect(link.window.nextDeadline()).toBe(link.now + 2_000);
    link.window.received(block(0), link.now + 800);
    const slower = new Link({ roundTripMs: 5_000, bytesPerMs: Infinity });
    for (let round = 0; round < 50; round++) slower.roundTrip();
    slower.window.sent(block(0), slower.now);
    expect((slower.window.nextDeadline() ?? 0) - slower.now).toBeCloseTo(7_500, 0);
  });

  it('is patient with a long queue as long as something comes', () => {
    const window = new RequestWindow(OPTIONS);
    for (let index = 0; index < 60; index++) window.sent(block(index), 0);
    // A block a second, in order, while the first took a tenth: the last is answered after 60 s.
    window.received(block(0), 100);
    for (let index = 1; index < 60; index++) {
      expect(window.expire(index * 1_000)).toEqual([]);
      expect(window.received(block(index), index * 1_000)).toBe('expected');
    }
  });

  it('gives up the one block that a busy peer leaves out, and does not snub it', () => {
    const window = new RequestWindow(OPTIONS);
    for (let index = 0; index < 100; index++) window.sent(block(index), index * 100);
    for (let index = 1; index < 40; index++) window.received(block(index), index * 100 + 300);
    expect(window.nextDeadline()).toBe(2_000);
    expect(window.expire(4_200)).toEqual([block(0)]);
    expect(window.isSnubbed).toBe(false);
  });

  it('does not ask again for what timed out at a peer that has come to it at last', () => {
    const window = new RequestWindow(OPTIONS);
    for (let index = 0; index < 4; index++) window.sent(block(index), 0);
    window.expire(10_000);
    // Nothing has come since: the peer may have lost it all.
    expect(window.sent(block(0), 10_000)).toBe(true);
    expect(window.received(block(0), 45_000)).toBe('expected');
    expect([window.sent(block(1), 45_000), window.sent(block(2), 45_000)]).toEqual([false, false]);
    // Late are an answer for block 0, which was asked for twice, and block 3.
    expect([window.outstandingCount, window.overdueCount(45_000)]).toEqual([2, 2]);
    expect([window.received(block(1), 45_001), window.received(block(1), 45_001)]).toEqual(['expected', 'unexpected']);
    // Lost after all: when it times out again, it is sent.
    expect(window.expire(110_000)).toEqual([block(2)]);
    window.received(block(3), 110_001);
    expect(window.sent(block(2), 110_001)).toBe(true);
  });

  it('learns nothing of the way from the answer to what was asked for long ago', () => {
    const window = new RequestWindow(OPTIONS);
    for (let index = 0; index < 2; index++) window.sent(block(index), 0);
    window.expire(10_000);
    window.received(block(0), 45_000);
    window.sent(block(1), 45_000);
    window.received(block(1), 45_001);
    // Was a millisecond the way there and back, these would seem to wait in a queue, and the window would grow no more.
    for (let index = 2; index < 5; index++) window.sent(block(index), 46_000);
    for (let index = 2; index < 5; index++) window.received(block(index), 46_300);
    expect(window.room(NO_LIMIT, 46_300)).toBe(6);
  });

  it('takes nothing for passed over because something later was rejected', () => {
    const window = new RequestWindow(OPTIONS);
    for (let index = 0; index < 3; index++) window.sent(block(index), 0);
    window.rejected(block(2), 20);
    expect(window.expire(10_020)).toHaveLength(2);
    window.received(block(0), 30_000);
    expect(window.sent(block(1), 30_000)).toBe(false);
  });

  it('asks again for what timed out and was passed over, or thrown away by a choke', () => {
    const window = new RequestWindow(OPTIONS);
    for (let index = 0; index < 3; index++) window.sent(block(index), 0);
    window.received(block(1), 100);
    expect(window.expire(2_000)).toEqual([block(0)]);
    window.received(block(2), 2_050);
    expect(window.sent(block(0), 2_100)).toBe(true);
    window.sent(block(3), 2_100);
    window.expire(20_000);
    window.clear(20_000);
    window.received(block(3), 20_100);
    expect(window.sent(block(0), 20_200)).toBe(true);
  });

  it('is as patient as ever once a peer answers in time again', () => {
    const window = new RequestWindow(OPTIONS);
    window.sent(block(0), 0);
    window.expire(10_000);
    window.sent(block(1), 10_000);
    window.received(block(1), 10_100);
    window.sent(block(2), 10_100);
    expect(window.nextDeadline()).toBe(12_100);
  });

  it('takes a late block for a sign of life', () => {
    const window = new RequestWindow(OPTIONS);
    window.sent(block(0), 0);
    window.sent(block(1), 0);
    window.cancelled(block(0), 0);
    window.received(block(0), 9_000);
    expect(window.nextDeadline()).toBe(19_000);
  });

  it('counts from the last answer for what is next in line', () => {
    const window = new RequestWindow(OPTIONS);
    window.sent(block(0), 0);
    window.sent(block(1), 0);
    window.received(block(0), 500);
    // One answer in 500 ms: mean 500, deviation 250, so 1,500 and the minimum of 2,000.
    expect(window.nextDeadline()).toBe(2_500);
    expect(window.expire(2_499)).toEqual([]);
    expect(window.expire(2_500)).toEqual([block(1)]);
  });

  it('always finds something when its own deadline has come, and nothing before', () => {
    const steps = array(tuple(integer({ min: 0, max: 3 }), nat(40), nat(3_000)), { maxLength: 120 });
    assert(
      property(steps, (sequence) => {
        const window = new RequestWindow(OPTIONS);
        const outstanding = new Set<number>();
        let now = 0;
        for (const [kind, index, elapsed] of sequence) {
          now += elapsed;
          const due = (window.nextDeadline() ?? Infinity) <= now;
          const expired = window.expire(now);
          expect(expired.length > 0).toBe(due);
          for (const each of expired) expect(outstanding.delete(indexOf(each))).toBe(true);
          if (kind <= 1 && !outstanding.has(index)) {
            window.sent(block(index), now);
            outstanding.add(index);
          } else if (kind === 2) {
            expect(window.received(block(index), now) === 'expected').toBe(outstanding.delete(index));
          } else if (kind === 3) {
            window.cancelled(block(index), 0);
            outstanding.delete(index);
          }
          expect(window.outstandingCount).toBe(outstanding.size);
        }
        expect(window.clear(0).map(indexOf).sort()).toEqual([...outstanding].sort());
      }),
    );
  });
});
