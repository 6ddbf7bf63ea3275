import { BLOCK_BYTES, decodeOffer, encodeExtendedHandshake, encodeOffer } from '@p2p/wire';
import { describe, expect, it } from 'vitest';

import { OUR_EXTENSIONS } from '../../src/core/extensions/extending.js';
import type { CoreMessage, SessionId } from '../../src/core/input.js';
import { CoreFixture } from '../fixtures/core-fixture.js';

const THEIR_ID = 77;

describe('a leecher that is offered a turn', () => {
  it('asks for as many blocks, though it is choked', () => {
    const { node, peer } = met();
    expect(node.sentTo(peer, 'request')).toEqual([]);
    node.hear(peer, offerOf(3));
    expect(node.sentTo(peer, 'request')).toHaveLength(3);
    node.pass(300);
    expect(node.sentTo(peer, 'request')).toHaveLength(3);
    node.hear(peer, offerOf(2));
    expect(node.sentTo(peer, 'request')).toHaveLength(5);
    expect(declinesTo(node, peer)).toBe(0);
  });

  it('begins no piece that the turn does not suffice for', () => {
    const { node, peer } = met({}, { blocksOfPiece: 2 });
    node.hear(peer, offerOf(3));
    expect(node.sentTo(peer, 'request')).toHaveLength(2);
    // With a turn shorter than any piece there is no other way.
    node.hear(peer, offerOf(1));
    expect(node.sentTo(peer, 'request')).toHaveLength(3);
    node.hear(peer, offerOf(3));
    expect(node.sentTo(peer, 'request').slice(3)).toHaveLength(3);
  });

  it('asks for no more than the peer keeps', () => {
    const { node, peer } = met({ requestQueueLimit: 2 });
    node.hear(peer, offerOf(3));
    expect(node.sentTo(peer, 'request')).toHaveLength(2);
  });

  it('says so when it has no use for it', () => {
    const node = new CoreFixture({ pieces: 8, isSeeder: true, supportsExtended: true });
    const peer = node.peer('10.1.0.1', introduction(), { type: 'haveNone' });
    node.hear(peer, offerOf(3));
    expect(declinesTo(node, peer)).toBe(1);
  });

  it('says so when all that the peer has was asked of it', () => {
    const { node, peer } = met({}, { pieces: 2 });
    node.hear(peer, offerOf(2));
    node.hear(peer, offerOf(2));
    expect(node.sentTo(peer, 'request')).toHaveLength(2);
    expect(declinesTo(node, peer)).toBe(1);
  });

  it('takes it when there is room, if that is within the time that it holds', () => {
    for (const [holdsMs, ms, count] of [
      [600, 500, 1],
      [600, 700, 0],
      [800, 700, 1],
    ] as const) {
      const { node, peer } = met();
      const busy = busyWith(node);
      const before = node.sentTo(busy, 'request').length;
      expect(before).toBeGreaterThan(8);
      node.hear(peer, offerOf(2, holdsMs));
      expect(node.sentTo(peer, 'request')).toEqual([]);
      node.pass(ms);
      // The first of the rejects makes room for one block.
      node.hear(busy, { type: 'choke' });
      for (const { piece } of node.sentTo(busy, 'request')) {
        node.hear(busy, { type: 'reject', piece, begin: 0, length: BLOCK_BYTES });
      }
      expect(node.sentTo(peer, 'request')).toHaveLength(count);
    }
  });
});

/** A node that lacks everything, and a peer of our own kind that has it all and chokes us. */
function met(
  limits: { readonly requestQueueLimit?: number } = {},
  content: { readonly pieces?: number; readonly blocksOfPiece?: number } = {},
): { node: CoreFixture; peer: SessionId } {
  const node = new CoreFixture({ pieces: 100, ...content, supportsExtended: true });
  return { node, peer: node.peer('10.1.0.1', introduction(limits), { type: 'haveAll' }) };
}

/** Peers that we have asked for all that there is room for; the last one, which is owed all of it. */
function busyWith(node: CoreFixture): SessionId {
  const busy = node.peer('10.2.0.1', { type: 'haveAll' });
  // A second that could be asked: with one alone its window is the only bound.
  node.peer('10.2.0.2', { type: 'haveAll' }, { type: 'unchoke' }, { type: 'choke' });
  for (let round = 0; round < 12; round++) node.hear(busy, offerOf(4));
  return busy;
}

function introduction(limits: { readonly requestQueueLimit?: number } = {}): CoreMessage {
  const payload = encodeExtendedHandshake({ extensions: new Map([['p2p_offer', THEIR_ID]]), ...limits });
  return { type: 'extended', extensionId: 0, payload };
}

function offerOf(blockCount: number, holdsMs = 600): CoreMessage {
  return {
    type: 'extended',
    extensionId: OUR_EXTENSIONS.p2p_offer,
    payload: encodeOffer({ blockCount, holdsMs }),
  };
}

/** How often we told the peer that we have no use for its offer. */
function declinesTo(node: CoreFixture, peer: SessionId): number {
  const extended = node.sentTo(peer, 'extended').filter(({ extensionId }) => extensionId === THEIR_ID);
  return extended.filter(({ payload }) => decodeOffer(payload).blockCount === 0).length;
}
