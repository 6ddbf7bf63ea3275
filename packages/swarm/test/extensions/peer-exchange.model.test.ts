// Goal: the rules of BEP 11 hold for any life of a swarm, and in the end every listener believes exactly what is true.
// Method: random lives; a listener that only applies what it is told is compared with who is there.
import { formatPeerAddress, type UtPex } from '@p2p/wire';
import { array, assert, constantFrom, integer, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';

import { PeerExchange } from '../../src/core/extensions/peer-exchange.js';
import { SeededRandom } from '../../src/testing/index.js';

const LISTENERS = [1, 2];

function address(index: number) {
  return { host: `20.0.${index}.1`, port: 7000 };
}

/** What one listener believes, by what it was told alone. */
class Believer {
  readonly believed = new Set<string>();
  toldAt = -Infinity;

  hears({ added, dropped }: UtPex, itself: string): void {
    const [addedKeys, droppedKeys] = [
      added.map((peer) => formatPeerAddress(peer.address)),
      dropped.map(formatPeerAddress),
    ];
    expect(added.length).toBeLessThanOrEqual(50);
    expect(dropped.length).toBeLessThanOrEqual(50);
    expect(added.length + dropped.length).toBeGreaterThan(0);
    expect(new Set([...addedKeys, ...droppedKeys]).size).toBe(added.length + dropped.length);
    expect(addedKeys).not.toContain(itself);
    for (const key of addedKeys) expect(this.believed.has(key)).toBe(false);
    for (const key of droppedKeys) expect(this.believed.delete(key)).toBe(true);
    for (const key of addedKeys) this.believed.add(key);
  }
}

describe('peer exchange in any life', () => {
  const step = record({
    act: constantFrom('joins', 'goes', 'is left'),
    index: integer({ min: 1, max: 80 }),
    waitMs: integer({ min: 0, max: 20_000 }),
  });

  it('tells every listener the truth in the end, and never breaks a rule on the way', () => {
    assert(
      property(array(step, { maxLength: 150 }), integer(), (steps, seed) => {
        const exchange = new PeerExchange(new SeededRandom(seed));
        const believers = new Map(LISTENERS.map((session) => [session, new Believer()]));
        const there = new Set<number>(LISTENERS);
        let now = 0;
        for (const session of LISTENERS) {
          exchange.open(session, now);
          exchange.peerConnected({ session, address: address(session), isReachable: true, isUploadOnly: false }, now);
        }
        const tellAll = (): void => {
          for (const [session, believer] of believers) {
            const message = exchange.nextMessage(session, now);
            if (message === undefined) continue;
            believer.hears(message, formatPeerAddress(address(session)));
            expect(now - believer.toldAt).toBeGreaterThanOrEqual(65_000);
            believer.toldAt = now;
          }
        };
        for (const { act, index, waitMs } of steps) {
          now += waitMs;
          if (act === 'joins') {
            there.add(index);
            exchange.peerConnected(
              { session: index, address: address(index), isReachable: true, isUploadOnly: false },
              now,
            );
          } else if (!LISTENERS.includes(index)) {
            there.delete(index);
            exchange.peerDisconnected(index, act === 'is left' ? now : undefined);
          }
          tellAll();
        }
        // Deadlines alone lead to the end: nothing is forgotten, and nothing goes on for ever.
        for (let turns = 0; exchange.nextDeadline() !== undefined; turns++) {
          expect(turns).toBeLessThan(40);
          now = Math.max(now, exchange.nextDeadline() ?? 0);
          tellAll();
        }
        for (const [session, { believed }] of believers) {
          const truth = [...there]
            .filter((index) => index !== session)
            .map((index) => formatPeerAddress(address(index)));
          expect([...believed].sort()).toEqual(truth.sort());
        }
      }),
    );
  });
});
