import { BLOCK_BYTES, PieceLayout } from '@p2p/wire';
import { describe, expect, it } from 'vitest';

import { requestDuplicate } from '../../src/core/pieces/endgame.js';
import { PieceAssembly } from '../../src/core/pieces/piece-assembly.js';

const [ALICE, BOB, CAROL, DAVE, ERIN] = [1, 2, 3, 4, 5];
/** A peer that answers may have any block, and nobody else answers. */
const USUAL = { isSnubbed: false, mayShare: () => true, isAnswering: () => false };
const layout = new PieceLayout(2 * BLOCK_BYTES, 4 * BLOCK_BYTES);

describe('requestDuplicate', () => {
  it('takes the block with the fewest copies, and of these the one of the piece begun first', () => {
    const [older, newer] = [open(0), open(1)];
    for (const piece of [older, newer]) for (const block of [0, 1]) piece.request(ALICE, block);
    const ask = (session: number): string => {
      const block = requestDuplicate([older, newer], session, USUAL);
      return block === undefined ? 'nothing' : `${block.piece}:${block.begin / BLOCK_BYTES}`;
    };
    expect([ask(BOB), ask(BOB), ask(CAROL), ask(DAVE), ask(ERIN)]).toEqual(['0:0', '0:1', '1:0', '1:1', '0:0']);
  });

  it('leaves out what the peer was asked for, what it may not share, and what is there or free', () => {
    const [mine, hidden, idle] = [open(0), open(1), open(0)];
    mine.request(ALICE, 0);
    mine.request(BOB, 1);
    mine.receive(1, 'bob');
    hidden.request(BOB, 0);
    const ask = (mayShare: (piece: PieceAssembly) => boolean): unknown =>
      requestDuplicate([mine, hidden, idle], ALICE, { ...USUAL, mayShare });
    expect(ask((piece) => piece !== hidden)).toBeUndefined();
    expect(ask(() => true)).toMatchObject({ piece: 1, begin: 0 });
  });

  it('leaves to those who answer what they were asked for', () => {
    const piece = open(0);
    piece.request(BOB, 0);
    piece.request(CAROL, 1);
    piece.request(DAVE, 1);
    const ask = (...answering: number[]): unknown =>
      requestDuplicate([piece], ALICE, { ...USUAL, isAnswering: (session) => answering.includes(session) });
    expect(ask(BOB, DAVE)).toBeUndefined();
    expect(ask(BOB)).toMatchObject({ begin: BLOCK_BYTES });
    expect(ask(DAVE)).toMatchObject({ begin: 0 });
  });

  it('keeps the last place of a block from a snubbed peer, for one that answers', () => {
    const piece = open(0);
    piece.request(ALICE, 0);
    const ask = (session: number, isSnubbed: boolean): unknown =>
      requestDuplicate([piece], session, { ...USUAL, isSnubbed });
    expect(ask(BOB, true)).toMatchObject({ begin: 0 });
    expect(ask(CAROL, true)).toBeUndefined();
    expect(ask(CAROL, false)).toMatchObject({ begin: 0 });
    expect(ask(DAVE, false)).toBeUndefined();
  });
});

function open(index: number): PieceAssembly {
  return new PieceAssembly(layout, layout.pieceIndex(index), { opener: ALICE, isExclusive: false });
}
