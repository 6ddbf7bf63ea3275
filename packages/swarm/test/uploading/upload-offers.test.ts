import { BLOCK_BYTES, decodeOffer, encodeExtendedHandshake, encodeOffer } from '@p2p/wire';
import { describe, expect, it } from 'vitest';

import { OUR_EXTENSIONS } from '../../src/core/extensions/extending.js';
import type { CoreMessage, SessionId } from '../../src/core/input.js';
import { CoreFixture } from '../fixtures/core-fixture.js';

const SLOTS = 2;
/** The number that our peers gave the extension. */
const THEIR_ID = 77;
const INTERESTED: CoreMessage = { type: 'interested' };
const OFFERS: CoreMessage = {
  type: 'extended',
  extensionId: 0,
  payload: encodeExtendedHandshake({ extensions: new Map([['p2p_offer', THEIR_ID]]) }),
};
const NO_USE: CoreMessage = {
  type: 'extended',
  extensionId: OUR_EXTENSIONS.p2p_offer,
  payload: encodeOffer({ blockCount: 0, holdsMs: 0 }),
};

describe('a seeder with more peers of our own kind than slots', () => {
  it('chokes those that hold a slot, and offers a few a turn', () => {
    const { seeder, peers } = crowdOf(10);
    for (const peer of peers) expect(isUnchoked(seeder, peer)).toBe(false);
    expect(peers.flatMap((peer) => offersTo(seeder, peer))).toEqual([4, 4, 4, 4, 4, 4]);
  });

  it('has slots for as few as there are slots', () => {
    const { seeder, peers } = crowdOf(SLOTS);
    for (const peer of peers) {
      expect(isUnchoked(seeder, peer)).toBe(true);
      expect(offersTo(seeder, peer)).toEqual([]);
    }
  });

  it('serves what is asked for by an offer, and no more', () => {
    const { seeder, peers } = crowdOf(40);
    const peer = takerOf(seeder, peers);
    // So that it is not offered another.
    seeder.hear(peer, { type: 'notInterested' });
    for (const piece of [0, 1, 2, 3, 4]) seeder.hear(peer, request(piece));
    seeder.flushBlocks();
    expect(seeder.sentTo(peer, 'piece').map(({ piece }) => piece)).toEqual([0, 1, 2, 3]);
    expect(seeder.sentTo(peer, 'reject').map(({ piece }) => piece)).toEqual([4]);
  });

  it('serves what is still on its way of one offer beside the next', () => {
    const { seeder, peers } = crowdOf(3);
    const peer = takerOf(seeder, peers);
    for (const piece of [0, 1, 2, 3]) seeder.hear(peer, request(piece));
    expect(offersTo(seeder, peer).length).toBeGreaterThan(1);
    expect(seeder.sentTo(peer, 'reject')).toEqual([]);
  });

  it('takes a request two seconds after the offer, and not later', () => {
    for (const [ms, count] of [
      [2_300, 1],
      [2_500, 0],
    ] as const) {
      const { seeder, peers } = crowdOf(30);
      const peer = takerOf(seeder, peers);
      // So that it is not offered another.
      seeder.hear(peer, { type: 'notInterested' });
      seeder.pass(ms);
      seeder.hear(peer, request(0));
      expect(seeder.sentTo(peer, 'piece')).toHaveLength(count);
    }
  });

  it('offers to another what a peer has no use for, and leaves that one alone for a while', () => {
    const { seeder, peers } = crowdOf(40);
    const peer = takerOf(seeder, peers);
    const before = totalOffered(seeder, peers);
    seeder.hear(peer, NO_USE);
    // Of forty each is offered one block, in place of the four that were offered when there were few.
    expect(totalOffered(seeder, peers)).toBe(before + 4);
    expect(offersTo(seeder, peer)).toHaveLength(1);
    // Nobody asked for that: it is nothing to anybody.
    seeder.hear(peer, NO_USE);
    expect(totalOffered(seeder, peers)).toBe(before + 4);
    expect(seeder.keeps(peer)).toBe(true);
  });

  it('offers to others what nobody takes', () => {
    const { seeder, peers } = crowdOf(40);
    const before = totalOffered(seeder, peers);
    seeder.pass(599);
    expect(totalOffered(seeder, peers)).toBe(before);
    seeder.pass(2);
    expect(totalOffered(seeder, peers)).toBeGreaterThan(before);
  });

  it('lets an offer hold for longer where its uplink is slow', () => {
    const { seeder, peers } = crowdOf(40);
    expect(holdTimes(seeder, peers)).toEqual(new Set([600]));
    // A block a second.
    for (let second = 0; second < 20; second++) {
      for (const peer of peers) if (offersTo(seeder, peer).length > 0) seeder.hear(peer, request(second));
      seeder.pass(1_000);
      seeder.flushOne();
    }
    expect(Math.max(...holdTimes(seeder, peers))).toBeGreaterThan(4_000);
    expect(Math.max(...holdTimes(seeder, peers))).toBeLessThan(12_000);
  });

  it('goes on to offer as what was asked for is sent', () => {
    const { seeder, peers } = crowdOf(40);
    const offered = peers.filter((peer) => offersTo(seeder, peer).length > 0);
    for (const [index, peer] of offered.entries()) seeder.hear(peer, request(index % 60));
    const before = totalOffered(seeder, peers);
    seeder.flushBlocks();
    expect(totalOffered(seeder, peers)).toBeGreaterThan(before);
  });

  it('serves peers of other kinds by slots as ever', () => {
    const { seeder, peers } = crowdOf(10);
    const others = ['10.2.0.1', '10.2.0.2', '10.2.0.3'].map((host) => seeder.peer(host, INTERESTED));
    expect(others.map((other) => isUnchoked(seeder, other))).toEqual([true, true, false]);
    const other = others[0] ?? 0;
    expect(offersTo(seeder, other)).toEqual([]);
    seeder.hear(other, request(3));
    expect(seeder.sentTo(other, 'piece')).toHaveLength(1);
    for (const peer of peers) expect(isUnchoked(seeder, peer)).toBe(false);
  });

  it('keeps room for those it offered turns to, as long as the network has enough to send', () => {
    const { seeder } = crowdOf(10);
    const others = ['10.2.0.1', '10.2.0.2'].map((host) => seeder.peer(host, INTERESTED));
    for (const other of others) for (let piece = 0; piece < 10; piece++) seeder.hear(other, request(piece));
    const servedCount = (): number => others.reduce((sum, other) => sum + seeder.sentTo(other, 'piece').length, 0);
    expect(servedCount()).toBeGreaterThan(0);
    expect(servedCount()).toBeLessThan(6);
    for (let round = 0; round < 10; round++) seeder.flushBlocks();
    expect(servedCount()).toBe(20);
  });

  it('lets nobody who holds a slot go on with a piece in the turn of another', () => {
    const { seeder, peers } = crowdOf(40, { blocksOfPiece: 8 });
    const takers = peers.filter((peer) => offersTo(seeder, peer).length > 0);
    for (const [index, peer] of takers.entries()) {
      for (let block = 0; block < 8; block++) seeder.hear(peer, request(index, block));
    }
    const other = seeder.peer('10.2.0.1', INTERESTED);
    for (const block of [0, 1, 2, 3]) seeder.hear(other, request(20, block));
    for (let count = 0; count < 4; count++) seeder.flushOne();
    // One among forty others: after one block it is their turn.
    expect(seeder.sentTo(other, 'piece')).toHaveLength(1);
  });

  it('gives a piece to who takes a turn, though one with a slot has asked for it', () => {
    const { seeder, peers } = crowdOf(10);
    const other = seeder.peer('10.2.0.1', INTERESTED);
    seeder.hear(other, request(0));
    const peer = takerOf(seeder, peers);
    seeder.hear(peer, request(0));
    expect(seeder.sentTo(peer, 'piece')).toHaveLength(1);
    expect(seeder.sentTo(peer, 'reject')).toEqual([]);
  });

  it('serves what was asked for in a slot, before the peer heard of the crowd', () => {
    const seeder = seederOf();
    const first = seeder.peer('10.1.0.1', OFFERS, INTERESTED);
    expect(isUnchoked(seeder, first)).toBe(true);
    for (let index = 2; index <= 4; index++) seeder.peer(`10.1.0.${index}`, OFFERS, INTERESTED);
    expect(isUnchoked(seeder, first)).toBe(false);
    for (const piece of [0, 1, 2]) seeder.hear(first, request(piece));
    expect(seeder.sentTo(first, 'piece')).toHaveLength(3);
  });

  it('gives slots again when there are few again', () => {
    const { seeder, peers } = crowdOf(6);
    for (const peer of peers.slice(1)) seeder.hear(peer, { type: 'notInterested' });
    expect(peers.map((peer) => isUnchoked(seeder, peer))).toEqual([true, false, false, false, false, false]);
  });

  it('allows no pieces fast but to peers of other kinds', () => {
    const seeder = new CoreFixture({ pieces: 64, isSeeder: true, supportsExtended: true });
    const own = seeder.peer('10.1.0.1', OFFERS);
    expect(seeder.sentTo(own, 'allowedFast')).toEqual([]);
    const other = seeder.peer('10.2.0.1', {
      type: 'extended',
      extensionId: 0,
      payload: encodeExtendedHandshake({ extensions: new Map() }),
    });
    expect(seeder.sentTo(other, 'allowedFast')).toHaveLength(10);
  });
});

function seederOf(content: { readonly blocksOfPiece?: number } = {}): CoreFixture {
  const options = { uploadSlots: SLOTS };
  return new CoreFixture({ pieces: 64, ...content, isSeeder: true, supportsExtended: true, options });
}

/** A seeder and so many peers of our kind that want something. */
function crowdOf(
  count: number,
  content: { readonly blocksOfPiece?: number } = {},
): { readonly seeder: CoreFixture; readonly peers: readonly SessionId[] } {
  const seeder = seederOf(content);
  const hosts = Array.from({ length: count }, (_, index) => `10.1.0.${index + 1}`);
  return { seeder, peers: hosts.map((host) => seeder.peer(host, OFFERS, INTERESTED)) };
}

/** For how long the offers hold that they were made, in milliseconds. */
function holdTimes(node: CoreFixture, peers: readonly SessionId[]): ReadonlySet<number> {
  const extended = peers.flatMap((peer) => node.sentTo(peer, 'extended'));
  const offers = extended
    .filter(({ extensionId }) => extensionId === THEIR_ID)
    .map(({ payload }) => decodeOffer(payload));
  return new Set(offers.map(({ holdsMs }) => holdsMs));
}

/** Blocks of each offer that a peer was made. */
function offersTo(node: CoreFixture, peer: SessionId): number[] {
  const extended = node.sentTo(peer, 'extended').filter(({ extensionId }) => extensionId === THEIR_ID);
  return extended.map(({ payload }) => decodeOffer(payload).blockCount);
}

function totalOffered(node: CoreFixture, peers: readonly SessionId[]): number {
  return peers.reduce((sum, peer) => sum + offersTo(node, peer).length, 0);
}

/** One that was made an offer. */
function takerOf(node: CoreFixture, peers: readonly SessionId[]): SessionId {
  // The first were let in by slots, and may ask for more.
  const taker = peers.slice(SLOTS).find((peer) => offersTo(node, peer).length > 0);
  if (taker === undefined) throw new Error('expected an offer, found none');
  return taker;
}

function isUnchoked(node: CoreFixture, peer: SessionId): boolean {
  return node.sentTo(peer, 'choke', 'unchoke').at(-1)?.type === 'unchoke';
}

function request(piece: number, block = 0): CoreMessage {
  return { type: 'request', piece, begin: block * BLOCK_BYTES, length: BLOCK_BYTES };
}
