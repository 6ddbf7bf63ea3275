// Goal: no more peers are unchoked than there are slots, whatever they do and want, and none waits while a slot is to be had.
// Method: random lives of the peers of one node, that of a leecher or of a seeder; what it sent is compared with the number of slots.
import { BLOCK_BYTES } from '@p2p/wire';
import { array, assert, boolean, constantFrom, integer, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { SessionId } from '../../src/core/input.js';
import { CoreFixture } from '../fixtures/core-fixture.js';

/** A node, and what each of its peers wants; whoever left is not among them. */
class Life {
  readonly node: CoreFixture;
  readonly wishes = new Map<SessionId, boolean>();
  readonly #slots: number;
  #joined = 0;

  constructor(slots: number, isSeeder: boolean) {
    this.#slots = slots;
    this.node = new CoreFixture({ pieces: 4, isSeeder, options: { uploadSlots: slots } });
  }

  perform({ kind, who }: Act): void {
    const sessions = [...this.wishes.keys()];
    const session = sessions[who % sessions.length];
    if (kind === 'join') this.wishes.set(this.node.peer(`10.${(this.#joined += 1)}.0.1`, { type: 'interested' }), true);
    else if (kind === 'wait') this.#wait(who);
    else if (session === undefined) return;
    else if (kind === 'leave') this.#leave(session);
    else this.#want(session, kind === 'want');
  }

  check(): void {
    for (const session of this.wishes.keys()) if (!this.node.keeps(session)) this.wishes.delete(session);
    const isUnchoked = (session: SessionId): boolean =>
      this.node.sentTo(session, 'choke', 'unchoke').at(-1)?.type === 'unchoke';
    const wanting = [...this.wishes].filter(([, isWanting]) => isWanting).map(([session]) => session);
    expect([...this.wishes.keys()].filter(isUnchoked).length).toBeLessThanOrEqual(this.#slots);
    expect(wanting.filter(isUnchoked)).toHaveLength(Math.min(this.#slots, wanting.length));
  }

  /** Nobody is dropped for silence meanwhile. */
  #wait(seconds: number): void {
    for (const session of this.wishes.keys()) this.node.hear(session, { type: 'keepAlive' });
    this.node.pass(seconds * 1_000);
  }

  #leave(session: SessionId): void {
    this.wishes.delete(session);
    this.node.lose(session);
  }

  #want(session: SessionId, isWanting: boolean): void {
    this.wishes.set(session, isWanting);
    this.node.hear(session, { type: isWanting ? 'interested' : 'notInterested' });
  }
}

const WANTING = { type: 'interested' } as const;

interface Act {
  readonly kind: 'join' | 'leave' | 'want' | 'wantNothing' | 'wait';
  readonly who: number;
}

const act = record<Act>({
  kind: constantFrom('join', 'leave', 'want', 'wantNothing', 'wait'),
  who: integer({ min: 0, max: 30 }),
});

describe('upload slots', () => {
  it('are never given to more peers than there are slots, and never kept from one that waits', () => {
    assert(
      property(integer({ min: 1, max: 4 }), boolean(), array(act, { maxLength: 60 }), (slots, isSeeder, acts) => {
        const life = new Life(slots, isSeeder);
        for (const each of acts) {
          life.perform(each);
          life.check();
        }
      }),
    );
  });

  it('go back to the end of the queue with a peer that wants nothing while another waits', () => {
    const node = new CoreFixture({ pieces: 4, isSeeder: true, options: { uploadSlots: 1 } });
    const first = node.peer('10.1.0.1', { type: 'interested' });
    const second = node.peer('10.2.0.1', { type: 'interested' });
    node.hear(first, { type: 'notInterested' });
    node.hear(first, { type: 'interested' });
    expect(node.sentTo(first, 'choke', 'unchoke').map(({ type }) => type)).toEqual(['unchoke', 'choke']);
    expect(node.sentTo(second, 'choke', 'unchoke').map(({ type }) => type)).toEqual(['unchoke']);
  });

  /** Five peers that want something, one slot, and the order in which they get it; the first two come back at the end of the queue. */
  function orderOfFive(isSeeder: boolean): number[] {
    const node = new CoreFixture({ pieces: 4, isSeeder, options: { uploadSlots: 1 } });
    const piece = { type: 'have', piece: 0 } as const;
    const bystander = node.peer('10.9.0.1', { type: 'interested' });
    const peers = [1, 2, 3, 4, 5].map((n) => {
      const peer = node.peer(`10.${n}.0.1`, { type: 'interested' });
      if (n !== 4) node.hear(peer, piece);
      return peer;
    });
    for (const peer of peers.slice(0, 2)) {
      node.hear(peer, { type: 'notInterested' });
      node.hear(peer, { type: 'interested' });
    }
    const order: number[] = [];
    let holder = bystander;
    for (let turn = 0; turn < peers.length; turn++) {
      node.lose(holder);
      const next = peers.findIndex((peer, index) => !order.includes(index) && node.sentTo(peer, 'unchoke').length > 0);
      order.push(next);
      holder = peers[next] ?? holder;
    }
    return order.map((index) => index + 1);
  }

  it('are given to whoever waits longest by a leecher', () => {
    expect(orderOfFive(false)).toEqual([3, 4, 5, 1, 2]);
  });

  it('are given in turns to whoever waits longest and to whoever has least, of these to the newest, by a seeder', () => {
    expect(orderOfFive(true)).toEqual([4, 3, 5, 1, 2]);
  });

  it('are not given before others to who says that it has nothing, and was sent something', () => {
    const node = new CoreFixture({ pieces: 4, isSeeder: true, options: { uploadSlots: 1 } });
    const bystander = node.peer('10.1.0.1', WANTING);
    const waiting = node.peer('10.2.0.1', WANTING);
    const newcomer = node.peer('10.3.0.1', WANTING);
    const liar = node.peer('10.4.0.1', WANTING);
    node.lose(bystander);
    node.hear(liar, { type: 'request', piece: 0, begin: 0, length: BLOCK_BYTES });
    node.flushBlocks();
    node.hear(liar, { type: 'notInterested' });
    node.hear(liar, WANTING);
    node.lose(waiting);
    expect(node.sentTo(newcomer, 'unchoke')).toHaveLength(1);
    expect(node.sentTo(liar, 'unchoke')).toHaveLength(1);
  });

  it('stay with a peer that wants nothing for a while, when nobody waits', () => {
    const node = new CoreFixture({ pieces: 4, isSeeder: true, options: { uploadSlots: 1 } });
    const only = node.peer('10.1.0.1', { type: 'interested' });
    node.hear(only, { type: 'notInterested' });
    node.hear(only, { type: 'interested' });
    expect(node.sentTo(only, 'choke', 'unchoke').map(({ type }) => type)).toEqual(['unchoke']);
  });
});
