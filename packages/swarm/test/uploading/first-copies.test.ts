import { BLOCK_BYTES, type BlockRef, PieceLayout } from '@p2p/wire';
import { describe, expect, it } from 'vitest';

import { FirstCopies } from '../../src/core/uploading/first-copies.js';
import { SeededRandom } from '../../src/testing/seeded-random.js';

const [ALICE, BOB] = [1, 2];
const layout = new PieceLayout(2 * BLOCK_BYTES, 8 * BLOCK_BYTES);

describe('FirstCopies', () => {
  it('names each piece to one peer only, until all are named', () => {
    const copies = copiesOf();
    const named = [ALICE, BOB, ALICE, BOB].map((session) => suggest(copies, session));
    expect([...named].sort()).toEqual([0, 1, 2, 3]);
    expect(suggest(copies, ALICE)).toBeUndefined();
  });

  it('begins elsewhere with each seed, and names nothing that the peer or a leecher has', () => {
    const starts = new Set(Array.from({ length: 20 }, (_, seed) => suggest(copiesOf(seed), ALICE)));
    expect([...starts].sort()).toEqual([0, 1, 2, 3]);
    expect(suggest(copiesOf(), ALICE, { isTheirs: (piece) => piece !== 2 })).toBe(2);
    expect(suggest(copiesOf(), ALICE, { isNowhere: (piece) => piece === 2 })).toBe(2);
    expect(suggest(copiesOf(), ALICE, { isTheirs: () => true })).toBeUndefined();
    expect(suggest(copiesOf(), ALICE, { isNowhere: () => false })).toBeUndefined();
  });

  it('refuses a piece that another asked for, each block once', () => {
    const copies = copiesOf();
    expect(copies.ask(ALICE, block(1, 0))).toBe('taken');
    expect(copies.ask(ALICE, block(1, 1))).toBe('again');
    expect([copies.ask(BOB, block(1, 0)), copies.ask(BOB, block(1, 1))]).toEqual(['refused', 'refused']);
    expect([copies.ask(BOB, block(1, 0)), copies.ask(BOB, block(1, 1))]).toEqual(['again', 'again']);
  });

  it('refuses, and so remembers, whole blocks only', () => {
    const copies = copiesOf();
    copies.ask(ALICE, block(1, 0));
    expect(copies.ask(BOB, { ...block(1, 0), begin: 1, length: 1 })).toBe('again');
    expect(copies.ask(BOB, { ...block(1, 0), length: 1 })).toBe('refused');
    expect(copies.ask(BOB, block(1, 0))).toBe('again');
  });

  it('never refuses so many in a row that the peer gives up', () => {
    const many = new PieceLayout(2 * BLOCK_BYTES, 80 * BLOCK_BYTES);
    const copies = new FirstCopies(many.pieceCount, new SeededRandom(0));
    const blockOf = (piece: number): BlockRef => ({ piece: many.pieceIndex(piece), begin: 0, length: BLOCK_BYTES });
    for (let piece = 0; piece < 30; piece++) copies.ask(ALICE, blockOf(piece));
    const answers = Array.from({ length: 20 }, (_, piece) => copies.ask(BOB, blockOf(piece)));
    expect(answers).toEqual([...new Array<string>(16).fill('refused'), ...new Array<string>(4).fill('again')]);
    copies.sent(BOB, 0, 0);
    expect(copies.ask(BOB, blockOf(25))).toBe('refused');
  });

  it('refuses nothing once every piece went out', () => {
    const copies = copiesOf();
    for (const piece of [0, 1, 2, 3]) expect(copies.ask(ALICE, block(piece, 0))).toBe('taken');
    expect(suggest(copies, BOB)).toBeUndefined();
    expect(copies.ask(BOB, block(1, 0))).toBe('again');
  });

  it('gives a piece free again that was not sent', () => {
    const copies = copiesOf();
    copies.ask(ALICE, block(1, 0));
    copies.release(BOB, 1);
    expect(copies.ask(BOB, block(1, 0))).toBe('refused');
    copies.release(ALICE, 1);
    expect(copies.ask(BOB, block(1, 0))).toBe('taken');
  });

  it('names to others what it named to one who left without asking', () => {
    const copies = copiesOf();
    for (let count = 0; count < 4; count++) suggest(copies, ALICE);
    expect(suggest(copies, BOB)).toBeUndefined();
    copies.withdraw(ALICE);
    expect(suggest(copies, BOB)).toBeDefined();
  });

  it('names to another what nobody has ten seconds after it was sent, and no sooner', () => {
    const copies = takenCopies();
    copies.sent(ALICE, 1, 0);
    expect(suggest(copies, BOB, { now: 9_999 })).toBeUndefined();
    expect(suggest(copies, BOB, { now: 10_000 })).toBe(1);
    expect(copies.ask(BOB, block(1, 0))).toBe('taken');
    expect(copies.ask(ALICE, block(1, 1))).toBe('refused');
  });

  it('does not take for lost what somebody has by then, be it gone later', () => {
    const copies = takenCopies();
    for (const piece of [1, 2]) copies.sent(ALICE, piece, 0);
    expect(suggest(copies, BOB, { isNowhere: (piece) => piece !== 1, now: 10_000 })).toBe(2);
    expect(suggest(copies, BOB, { now: 20_000 })).toBeUndefined();
    expect(copies.ask(BOB, block(1, 0))).toBe('refused');
  });

  it('counts the ten seconds from the last block of a piece, whatever was sent of others', () => {
    const copies = takenCopies();
    copies.sent(ALICE, 1, 0);
    copies.sent(ALICE, 2, 1_000);
    copies.sent(ALICE, 1, 6_000);
    expect(suggest(copies, BOB, { now: 10_999 })).toBeUndefined();
    expect(suggest(copies, BOB, { now: 11_000 })).toBe(2);
    expect(suggest(copies, BOB, { now: 15_999 })).toBeUndefined();
    expect(suggest(copies, BOB, { now: 16_000 })).toBe(1);
  });

  it('counts nothing from what was sent to one who did not ask first', () => {
    const copies = takenCopies();
    copies.sent(ALICE, 1, 0);
    copies.sent(BOB, 1, 6_000);
    copies.sent(BOB, 2, 0);
    expect(suggest(copies, BOB, { now: 10_000 })).toBe(1);
    expect(suggest(copies, BOB, { now: 20_000 })).toBeUndefined();
  });
});

interface Situation {
  readonly isTheirs?: (piece: number) => boolean;
  readonly isNowhere?: (piece: number) => boolean;
  readonly now?: number;
}

/** Names a piece to a peer that has none, while nobody has any, unless said otherwise. */
function suggest(
  copies: FirstCopies,
  session: number,
  { isTheirs = () => false, isNowhere = () => true, now = 0 }: Situation = {},
): number | undefined {
  return copies.suggest(session, isTheirs, isNowhere, now);
}

/** Alice has asked for every piece, and there is nothing to name to others. */
function takenCopies(): FirstCopies {
  const copies = copiesOf();
  for (const piece of [0, 1, 2, 3]) copies.ask(ALICE, block(piece, 0));
  expect(suggest(copies, BOB)).toBeUndefined();
  return copies;
}

function copiesOf(seed = 1): FirstCopies {
  return new FirstCopies(layout.pieceCount, new SeededRandom(seed));
}

function block(piece: number, index: number): BlockRef {
  return { piece: layout.pieceIndex(piece), begin: index * BLOCK_BYTES, length: BLOCK_BYTES };
}
