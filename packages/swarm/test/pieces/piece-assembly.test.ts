import { BLOCK_BYTES, PieceLayout } from '@p2p/wire';
import { describe, expect, it } from 'vitest';

import { PieceAssembly } from '../../src/core/pieces/piece-assembly.js';

const [ALICE, BOB, CAROL, DAVE] = [1, 2, 3, 4];

describe('PieceAssembly', () => {
  it('gives out its free blocks in order, the last one as short as it is', () => {
    const piece = assembly(2 * BLOCK_BYTES + 5);
    expect([piece.takeFree(ALICE), piece.takeFree(BOB), piece.takeFree(ALICE), piece.takeFree(BOB)]).toEqual([
      { piece: 0, begin: 0, length: BLOCK_BYTES },
      { piece: 0, begin: BLOCK_BYTES, length: BLOCK_BYTES },
      { piece: 0, begin: 2 * BLOCK_BYTES, length: 5 },
      undefined,
    ]);
    expect([piece.freeCount, piece.requestCount, piece.receivedCount]).toEqual([0, 3, 0]);
  });

  it('forgets the blocks of one sender, and whose the others are stays known', () => {
    const piece = assembly(3 * BLOCK_BYTES + 5);
    const senders = ['alice', 'bob', 'carol', 'alice'];
    for (const [blockIndex, sender] of senders.entries()) piece.receive(blockIndex, sender);
    expect(piece.forgetBlocksOf('dave')).toBe(0);
    expect(piece.forgetBlocksOf('alice')).toBe(BLOCK_BYTES + 5);
    expect(piece.contributors.toSorted()).toEqual(['bob', 'carol']);
    expect([piece.takeFree(BOB)?.begin, piece.freeCount, piece.receivedCount]).toEqual([0, 1, 2]);
    expect(piece.forgetBlocksOf('carol')).toBe(BLOCK_BYTES);
    expect([piece.isReceived(1), piece.isReceived(2)]).toEqual([true, false]);
    expect(piece.contributors).toEqual(['bob']);
  });

  it('gives a block out again after it was dropped', () => {
    const piece = assembly(3 * BLOCK_BYTES);
    for (const session of [ALICE, ALICE, BOB]) piece.takeFree(session);
    expect(piece.drop(ALICE, 1)).toBe(true);
    expect(piece.drop(ALICE, 1)).toBe(false);
    expect(piece.drop(BOB, 0)).toBe(false);
    expect(piece.takeFree(CAROL)?.begin).toBe(BLOCK_BYTES);
    expect(piece.dropAll(ALICE)).toHaveLength(1);
    expect(piece.takeFree(CAROL)?.begin).toBe(0);
  });

  it('knows of whom a block was asked when it comes, and forgets it', () => {
    const piece = assembly(2 * BLOCK_BYTES);
    for (const session of [ALICE, BOB, CAROL]) piece.request(session, 1);
    expect(piece.copiesOf(1)).toBe(3);
    piece.drop(ALICE, 1);
    expect([...piece.receive(1, 'carol')].sort()).toEqual([BOB, CAROL]);
    expect([piece.copiesOf(1), piece.requestCount, piece.freeCount]).toEqual([0, 0, 1]);
    expect(piece.receive(0, 'dave')).toEqual([]);
    expect(piece.isComplete).toBe(true);
    expect(piece.contributors).toEqual(['carol', 'dave']);
  });

  it('holds it for a bug to ask one session twice, or for a fourth copy, or for a block that is there', () => {
    const piece = assembly(2 * BLOCK_BYTES);
    for (const session of [ALICE, BOB, CAROL]) piece.request(session, 0);
    expect(() => piece.request(DAVE, 0)).toThrow('bug: a block that is asked for');
    piece.request(ALICE, 1);
    expect(() => piece.request(ALICE, 1)).toThrow('bug: a block is asked of a session once');
    piece.receive(0, 'alice');
    expect(() => piece.request(DAVE, 0)).toThrow('bug: a block that is asked for');
    expect(() => piece.receive(0, 'alice')).toThrow('bug: a block is received once');
  });

  it('starts anew: what came is free, what is awaited is still awaited', () => {
    const piece = assembly(3 * BLOCK_BYTES);
    piece.takeFree(ALICE);
    piece.takeFree(ALICE);
    piece.receive(0, 'alice');
    piece.restart();
    expect([piece.freeCount, piece.requestCount, piece.receivedCount]).toEqual([2, 1, 0]);
    expect(piece.contributors).toEqual([]);
    expect(piece.takeFree(BOB)?.begin).toBe(0);
  });

  it('is being finished when the few missing blocks were all asked of its owner, once', () => {
    const piece = assembly(4 * BLOCK_BYTES);
    for (let count = 0; count < 4; count++) piece.takeFree(ALICE);
    piece.owner = ALICE;
    expect(piece.isBeingFinishedBy(ALICE)).toBe(false);
    piece.receive(0, 'alice');
    expect([piece.isBeingFinishedBy(ALICE), piece.isBeingFinishedBy(BOB)]).toEqual([true, false]);
    piece.request(BOB, 1);
    expect(piece.isBeingFinishedBy(ALICE)).toBe(false);
    for (const session of [ALICE, BOB]) piece.drop(session, 1);
    expect(piece.isBeingFinishedBy(ALICE)).toBe(false);
    piece.takeFree(ALICE);
    for (const index of [1, 2]) piece.receive(index, 'alice');
    expect(piece.isBeingFinishedBy(ALICE)).toBe(true);
    piece.receive(3, 'alice');
    expect(piece.isBeingFinishedBy(ALICE)).toBe(false);
  });

  it('tells whether others than one peer take part', () => {
    const piece = assembly(3 * BLOCK_BYTES);
    piece.takeFree(ALICE);
    expect(piece.isRequestedFromAny((session) => session !== ALICE)).toBe(false);
    expect(piece.isRequestedFromAny((session) => session !== BOB)).toBe(true);
    piece.receive(0, 'alice');
    expect(piece.hasBlocksOfOthers('alice')).toBe(false);
    expect(piece.hasBlocksOfOthers('bob')).toBe(true);
  });
});

function assembly(pieceBytes: number): PieceAssembly {
  const layout = new PieceLayout(4 * BLOCK_BYTES, pieceBytes);
  return new PieceAssembly(layout, layout.pieceIndex(0), { opener: ALICE, isExclusive: false });
}
