import { BLOCK_BYTES, decodeLtDontHave, decodeSoon, encodeExtendedHandshake, encodeSoon } from '@p2p/wire';
import { describe, expect, it } from 'vitest';

import { OUR_EXTENSIONS } from '../../src/core/extensions/extending.js';
import type { CoreMessage, PieceCommitOutcome, SessionId } from '../../src/core/input.js';
import { CoreFixture } from '../fixtures/core-fixture.js';

/** The numbers that our peers gave the extensions. */
const THEIR_IDS = { p2p_offer: 77, p2p_soon: 78, lt_donthave: 79 };
const PIECES = 8;
const BLOCKS = 4;
const INTRODUCTION: CoreMessage = {
  type: 'extended',
  extensionId: 0,
  payload: encodeExtendedHandshake({ extensions: new Map(Object.entries(THEIR_IDS)) }),
};
const INTERESTED: CoreMessage = { type: 'interested' };
const CORRUPT: PieceCommitOutcome = { kind: 'corrupt' };

describe('a leecher to which the last blocks of a piece are coming', () => {
  it('says so to peers of our own kind that lack the piece, and has it when it was stored', () => {
    const { node, giver, taker, stranger } = leecher();
    const piece = begin(node, giver, 0);
    expect(promisesTo(node, taker)).toEqual([piece]);
    expect(promisesTo(node, giver)).toEqual([]);
    expect(node.sentTo(stranger, 'extended').filter(({ extensionId }) => extensionId > 0)).toEqual([]);
    expect(havesTo(node, taker)).toEqual([]);
    end(node, giver, piece);
    expect(havesTo(node, taker)).toEqual([piece]);
    expect(promisesTo(node, taker)).toEqual([piece]);
  });

  it('lets what it is asked for wait until it has the piece', () => {
    const { node, giver, taker } = leecher();
    const piece = begin(node, giver, 0);
    node.hear(taker, request(piece));
    expect(node.sentTo(taker, 'piece', 'reject')).toEqual([]);
    end(node, giver, piece);
    expect(blocksTo(node, taker)).toEqual([piece]);
  });

  it('serves others meanwhile', () => {
    const { node, giver, taker, stranger } = leecher();
    const first = begin(node, giver, 0);
    end(node, giver, first);
    const second = begin(node, giver, 1);
    node.hear(taker, request(second));
    node.hear(stranger, request(first));
    expect(blocksTo(node, taker)).toEqual([]);
    expect(blocksTo(node, stranger)).toEqual([first]);
  });

  it('takes it back when it does not come, and rejects what was asked for', () => {
    const { node, giver, taker } = leecher();
    const piece = begin(node, giver, 0);
    node.hear(taker, request(piece));
    node.pass(4_900);
    expect(withdrawalsTo(node, taker)).toEqual([]);
    node.pass(200);
    expect(withdrawalsTo(node, taker)).toEqual([piece]);
    expect(rejectsTo(node, taker)).toEqual([piece]);
    // What was on its way is no fault of the peer's, however often it happens.
    for (let count = 0; count < 301; count++) node.hear(taker, request(piece));
    expect(node.keeps(taker)).toBe(true);
    end(node, giver, piece);
    node.hear(taker, request(piece));
    expect(blocksTo(node, taker)).toEqual([piece]);
  });

  it('takes it back from a peer that promised the same, or each would wait for the other', () => {
    const { node, giver, taker } = leecher();
    const piece = begin(node, giver, 0);
    node.hear(taker, soon(piece));
    node.pass(5_100);
    expect(withdrawalsTo(node, taker)).toEqual([piece]);
  });

  it('takes it back when it fails its hash', () => {
    const { node, giver, taker } = leecher({ storage: () => CORRUPT });
    const piece = begin(node, giver, 0);
    node.hear(taker, request(piece));
    end(node, giver, piece);
    expect(withdrawalsTo(node, taker)).toEqual([piece]);
    expect(rejectsTo(node, taker)).toEqual([piece]);
    expect(havesTo(node, taker)).toEqual([]);
  });

  it('says nothing of a piece that many have', () => {
    const { node, giver, taker } = leecher();
    const owners = [1, 2].map((host) => node.peer(`10.4.0.${host}`, INTRODUCTION, { type: 'haveNone' }));
    for (const owner of owners) for (let piece = 1; piece < PIECES; piece++) node.hear(owner, { type: 'have', piece });
    for (let count = 0; count < PIECES; count++) end(node, giver, begin(node, giver, count));
    // The rarest piece comes first.
    expect(havesTo(node, taker)).toHaveLength(PIECES);
    expect(promisesTo(node, taker)).toEqual([0]);
  });

  it('says nothing of its last piece, or it would be taken for a seed', () => {
    const { node, giver, taker } = leecher();
    for (let count = 0; count < PIECES; count++) end(node, giver, begin(node, giver, count));
    expect(havesTo(node, taker)).toHaveLength(PIECES);
    expect(promisesTo(node, taker)).toEqual(havesTo(node, taker).slice(0, -1));
  });
});

describe('a leecher with more peers of our own kind than slots', () => {
  it('offers turns before it has its first piece', () => {
    const options = { uploadSlots: 2 };
    const node = new CoreFixture({ pieces: PIECES, blocksOfPiece: BLOCKS, supportsExtended: true, options });
    const giver = node.peer('10.1.0.1', INTRODUCTION, { type: 'haveAll' }, { type: 'unchoke' });
    const takers = [1, 2, 3, 4].map((host) => node.peer(`10.2.0.${host}`, INTRODUCTION, { type: 'haveNone' }));
    const piece = begin(node, giver, 0);
    for (const taker of takers) node.hear(taker, INTERESTED);
    const offered = takers.filter((taker) => payloadsTo(node, taker, THEIR_IDS.p2p_offer).length > 0);
    expect(offered.length).toBeGreaterThan(2);
    for (const taker of offered) node.hear(taker, request(piece));
    expect(offered.flatMap((taker) => blocksTo(node, taker))).toEqual([]);
    end(node, giver, piece);
    node.flushBlocks();
    expect(offered.flatMap((taker) => blocksTo(node, taker))).toEqual(offered.map(() => piece));
  });
});

describe('a leecher that is promised a piece', () => {
  it('asks for it as if it were there', () => {
    const node = new CoreFixture({ pieces: PIECES, blocksOfPiece: BLOCKS, supportsExtended: true });
    const peer = node.peer('10.1.0.1', INTRODUCTION, { type: 'haveNone' }, { type: 'unchoke' });
    node.hear(peer, soon(3));
    expect(piecesAsked(node, peer)).toEqual([3]);
    node.hear(peer, { type: 'have', piece: 3 });
    expect(node.sentTo(peer, 'request')).toHaveLength(BLOCKS);
    node.hear(peer, soon(PIECES));
    expect(node.keeps(peer)).toBe(false);
  });
});

function leecher(options: { readonly storage?: () => PieceCommitOutcome } = {}): {
  readonly node: CoreFixture;
  readonly giver: SessionId;
  readonly taker: SessionId;
  readonly stranger: SessionId;
} {
  const node = new CoreFixture({ pieces: PIECES, blocksOfPiece: BLOCKS, supportsExtended: true, ...options });
  const giver = node.peer('10.1.0.1', INTRODUCTION, { type: 'haveAll' }, { type: 'unchoke' });
  const taker = node.peer('10.2.0.1', INTRODUCTION, { type: 'haveNone' }, INTERESTED);
  const stranger = node.peer('10.3.0.1', { type: 'haveNone' }, INTERESTED);
  return { node, giver, taker, stranger };
}

/** The peer sends the first block of the next piece that it is asked for, and so does not yet end it. */
function begin(node: CoreFixture, giver: SessionId, begun: number): number {
  const piece = piecesAsked(node, giver)[begun];
  if (piece === undefined) throw new Error(`expected ${begun + 1} pieces to be asked for`);
  node.hear(giver, block(piece, 0));
  return piece;
}

function end(node: CoreFixture, giver: SessionId, piece: number): void {
  for (let index = 1; index < BLOCKS; index++) node.hear(giver, block(piece, index));
}

function piecesAsked(node: CoreFixture, peer: SessionId): number[] {
  return [...new Set(node.sentTo(peer, 'request').map(({ piece }) => piece))];
}

function promisesTo(node: CoreFixture, peer: SessionId): number[] {
  return payloadsTo(node, peer, THEIR_IDS.p2p_soon).map(decodeSoon);
}

function withdrawalsTo(node: CoreFixture, peer: SessionId): number[] {
  return payloadsTo(node, peer, THEIR_IDS.lt_donthave).map(decodeLtDontHave);
}

function payloadsTo(node: CoreFixture, peer: SessionId, id: number): Uint8Array[] {
  return node.sentTo(peer, 'extended').flatMap(({ extensionId, payload }) => (extensionId === id ? [payload] : []));
}

function havesTo(node: CoreFixture, peer: SessionId): number[] {
  return node.sentTo(peer, 'have').map(({ piece }) => piece);
}

function blocksTo(node: CoreFixture, peer: SessionId): number[] {
  return node.sentTo(peer, 'piece').map(({ piece }) => piece);
}

function rejectsTo(node: CoreFixture, peer: SessionId): number[] {
  return node.sentTo(peer, 'reject').map(({ piece }) => piece);
}

function request(piece: number): CoreMessage {
  return { type: 'request', piece, begin: 0, length: BLOCK_BYTES };
}

function soon(piece: number): CoreMessage {
  return { type: 'extended', extensionId: OUR_EXTENSIONS.p2p_soon, payload: encodeSoon(piece) };
}

function block(piece: number, index: number): CoreMessage {
  return { type: 'piece', piece, begin: index * BLOCK_BYTES, data: new Uint8Array(BLOCK_BYTES) };
}
