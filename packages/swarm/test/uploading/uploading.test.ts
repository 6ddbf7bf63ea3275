import { BLOCK_BYTES } from '@p2p/wire';
import { describe, expect, it } from 'vitest';

import type { CoreMessage, SessionId } from '../../src/core/input.js';
import { CoreFixture } from '../fixtures/core-fixture.js';

const INTERESTED: CoreMessage = { type: 'interested' };

describe('a seeder', () => {
  it('goes on serving the others when a peer takes back the only request that waits', () => {
    // Found by the soup: the peer without a request kept the longest wait, was chosen again and again, and got nothing.
    // Its peers know no BEP 6, so nothing is suggested or refused; all are unchoked, there are slots enough.
    const seeder = new CoreFixture({ pieces: 32, isSeeder: true, supportsFast: false });
    const servedTo = (peer: SessionId): number => seeder.sentTo(peer, 'piece').length;
    // So many that what the network takes at a time is not enough for one more.
    const busy = ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4'].map((host) => seeder.peer(host, INTERESTED));
    const fickle = seeder.peer('10.0.0.5', INTERESTED);
    for (let piece = 0; piece < 16; piece++) for (const peer of busy) seeder.hear(peer, request(piece));
    for (const peer of busy) expect(servedTo(peer)).toBeLessThan(16);
    seeder.hear(fickle, request(20));
    seeder.hear(fickle, { ...request(20), type: 'cancel' });
    seeder.pass(1_000);
    seeder.flushBlocks();
    for (const peer of busy) expect(servedTo(peer)).toBe(16);
    expect(servedTo(fickle)).toBe(0);
  });
});

describe('requests that begin at the same place', () => {
  it('and differ in length are answered one by one, and taken back one by one', () => {
    // Of two the second was taken for the first asked again, and never answered; a cancel of it was not heard.
    const seeder = new CoreFixture({ pieces: 32, isSeeder: true, supportsFast: false });
    const peer = seeder.peer('10.0.0.1', INTERESTED);
    const sizes = (): number[] => seeder.sentTo(peer, 'piece').map(({ data }) => data.length);
    // These fill what the network takes at a time, so that the rest waits.
    for (let piece = 1; sizes().length === piece - 1; piece++) seeder.hear(peer, request(piece));
    const before = sizes().length;
    for (const length of [BLOCK_BYTES, 1_000, 2_000]) seeder.hear(peer, { ...request(0), length });
    seeder.hear(peer, { ...request(0), length: 2_000, type: 'cancel' });
    seeder.flushBlocks();
    seeder.flushBlocks();
    expect(sizes().slice(before)).toEqual([BLOCK_BYTES, BLOCK_BYTES, 1_000]);
  });
});

describe('requests that a node does not take up', () => {
  const options = { uploadSlots: 1, requestQueueLimit: 20 };
  /** As many as may be on their way when a peer is choked, and those that are forgiven besides. */
  const FORGIVEN = 20 + 300;

  function ask(node: CoreFixture, peer: SessionId, count: number): void {
    for (let asked = 0; asked < count; asked++) node.hear(peer, request(asked % 32));
  }

  it.each([true, false])('while it chokes the peer end the session before long (with BEP 6: %s)', (supportsFast) => {
    const node = new CoreFixture({ pieces: 32, isSeeder: true, supportsFast, options });
    const peer = node.peer('10.1.0.1');
    ask(node, peer, FORGIVEN);
    expect(node.keeps(peer)).toBe(true);
    expect(node.sentTo(peer, 'reject')).toHaveLength(supportsFast ? FORGIVEN : 0);
    ask(node, peer, 1);
    expect(node.keeps(peer)).toBe(false);
  });

  it('are forgiven when they were on their way at a choke, each time', () => {
    const node = new CoreFixture({ pieces: 32, isSeeder: true, options });
    const [first, second] = [node.peer('10.1.0.1', INTERESTED), node.peer('10.2.0.1', INTERESTED)];
    for (let turn = 0; turn < 40; turn++) {
      // Who holds the one slot gives it up, and what it had asked for by then comes too late.
      const [holder, other] = turn % 2 === 0 ? [first, second] : [second, first];
      node.hear(holder, { type: 'notInterested' });
      node.hear(holder, INTERESTED);
      expect(node.sentTo(holder, 'choke', 'unchoke').at(-1)?.type).toBe('choke');
      expect(node.sentTo(other, 'choke', 'unchoke').at(-1)?.type).toBe('unchoke');
      ask(node, holder, 20);
    }
    expect([node.keeps(first), node.keeps(second)]).toEqual([true, true]);
  });

  it('as its queue is full end the session too, unless blocks are sent meanwhile', () => {
    const node = new CoreFixture({ pieces: 600, isSeeder: true, options });
    const peer = node.peer('10.1.0.1', INTERESTED);
    /** Blocks that nobody flushes fill the way to the peer, and then its queue. */
    const ASKED = 200;
    for (let turn = 0; turn < 3; turn++) {
      for (let piece = 0; piece < ASKED; piece++) node.hear(peer, request(turn * ASKED + piece));
      node.flushBlocks();
    }
    expect(node.sentTo(peer, 'reject').length).toBeGreaterThan(FORGIVEN);
    expect(node.keeps(peer)).toBe(true);
    for (let piece = 0; piece < 2 * FORGIVEN; piece++) node.hear(peer, request(piece % 600));
    expect(node.keeps(peer)).toBe(false);
  });

  it('as another is to pass the piece on are counted by nobody', () => {
    const node = new CoreFixture({ pieces: 600, isSeeder: true, options: { ...options, uploadSlots: 2 } });
    const first = node.peer('10.1.0.1', INTERESTED);
    const second = node.peer('10.2.0.1', INTERESTED);
    for (let piece = 0; piece < 500; piece++) {
      node.hear(first, request(piece));
      node.hear(second, request(piece));
      node.flushBlocks();
      // It is served all the same when it asks again.
      node.hear(second, request(piece));
      node.flushBlocks();
    }
    expect(node.sentTo(second, 'reject').length).toBeGreaterThan(FORGIVEN);
    expect([node.keeps(first), node.keeps(second)]).toEqual([true, true]);
  });
});

describe('requests for allowed pieces that wait when a peer is choked', () => {
  /** How many of them are rejected then, of ten. */
  function rejected(peerPieceCount: number): number {
    const node = new CoreFixture({ pieces: 60, isSeeder: true, options: { uploadSlots: 1 } });
    const peer = node.peer('10.1.0.1', INTERESTED);
    const allowed = new Set(node.sentTo(peer, 'allowedFast').map(({ piece }) => piece));
    const others = Array.from({ length: 60 }, (_, piece) => piece).filter((piece) => !allowed.has(piece));
    for (const piece of others.slice(0, peerPieceCount)) node.hear(peer, { type: 'have', piece });
    // Until nothing more is handed to the network.
    for (const piece of others) node.hear(peer, request(piece));
    for (const piece of allowed) node.hear(peer, request(piece));
    node.hear(peer, { type: 'notInterested' });
    node.peer('10.2.0.1', INTERESTED);
    expect(node.sentTo(peer, 'choke')).toHaveLength(1);
    return node.sentTo(peer, 'reject').filter(({ piece }) => allowed.has(piece)).length;
  }

  it('are kept for a peer of few pieces, and rejected to one that can trade, as those that come later are', () => {
    expect([0, 10, 11, 50].map((count) => rejected(count))).toEqual([0, 0, 10, 10]);
  });
});

function request(piece: number): Extract<CoreMessage, { type: 'request' }> {
  return { type: 'request', piece, begin: 0, length: BLOCK_BYTES };
}
