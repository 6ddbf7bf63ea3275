// Goal: whatever the swarm does in whatever order, the book stays within its bounds and never offers what it must not.
// Method: random lives, compared with a plain set of the addresses that are busy.
import type { PeerAddress } from '@p2p/wire';
import { array, assert, constantFrom, integer, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';

import { banScope } from '../../src/core/addresses/ban-list.js';
import { PeerBook } from '../../src/core/addresses/peer-book.js';
import { SeededRandom } from '../../src/testing/index.js';

const ALICE = { host: '90.0.0.1', port: 7000 };
const BOB = { host: '91.0.0.1', port: 7000 };

/** A book, and what may be expected of it. */
class Life {
  readonly book: PeerBook;
  readonly busy = new Set<string>();
  readonly selves = new Set<string>();
  now = 0;

  constructor(seed: number) {
    this.book = new PeerBook(new SeededRandom(seed), 3_000);
  }

  took(address: PeerAddress | undefined): void {
    if (address === undefined) return;
    expect(this.busy.has(address.host)).toBe(false);
    expect(this.selves.has(address.host)).toBe(false);
    expect(this.book.isBanned(address, this.now)).toBe(false);
    this.busy.add(address.host);
  }
}

const ACTS = {
  add: ({ book, now }, address, isEven) => void book.add(address, { kind: isEven ? 'told' : 'cache' }, now),
  pex: ({ book, now }, address, isEven) => {
    book.add(address, { kind: 'pex', from: isEven ? ALICE : BOB, flags: 0 }, now);
  },
  dial: (life) => life.took(life.book.nextDial(life.now)),
  feeler: (life) => life.took(life.book.nextFeeler(life.now)),
  told: (life) => life.took(life.book.nextTold(life.now)),
  fail: ({ book, busy, now }, address) => {
    if (busy.delete(address.host)) book.dialFailed(address, now);
  },
  connect: ({ book, busy, now }, address) => {
    if (busy.has(address.host)) book.connected(address, now);
  },
  leave: ({ book, busy, now }, address, isEven) => {
    if (busy.delete(address.host)) book.disconnected(address, now, isEven ? 'good' : 'crowded');
  },
  ban: ({ book, now }, address) => book.ban(banScope(address), now),
  withdraw: ({ book }, address) => book.withdraw(address, ALICE),
  self: ({ book, busy, selves }, address) => {
    book.markSelf(address);
    selves.add(address.host);
    busy.delete(address.host);
  },
} as const satisfies Record<string, (life: Life, address: PeerAddress, isEven: boolean) => void>;

describe('a peer book in any life', () => {
  const step = record({
    act: constantFrom(...Object.values(ACTS)),
    index: integer({ min: 0, max: 12 }),
    waitMs: integer({ min: 0, max: 30_000 }),
  });

  it('offers an address to one taker at a time, none that is banned or our own, and wakes only in the future', () => {
    assert(
      property(array(step, { maxLength: 200 }), integer(), (steps, seed) => {
        const life = new Life(seed);
        for (const { act, index, waitMs } of steps) {
          life.now += waitMs;
          act(life, { host: `20.${index}.0.1`, port: 7000 }, index % 2 === 0);
          expect(life.book.nextWakeup(life.now) ?? Infinity).toBeGreaterThan(life.now);
          expect(life.book.size).toBeLessThanOrEqual(13);
        }
      }),
    );
  });
});
