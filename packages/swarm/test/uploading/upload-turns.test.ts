import { BLOCK_BYTES, type BlockRef, PieceLayout } from '@p2p/wire';
import { describe, expect, it } from 'vitest';

import { UploadQueue } from '../../src/core/uploading/upload-queue.js';
import { type TurnTaker, UploadTurns } from '../../src/core/uploading/upload-turns.js';

const layout = new PieceLayout(3 * BLOCK_BYTES, 300 * BLOCK_BYTES);
const canTake = (): boolean => true;

describe('UploadTurns', () => {
  it('serves one peer a whole piece, then the next', () => {
    const turns = rowOf(taker([1, 2]), taker([3, 4]));
    expect(serve(turns, 12)).toEqual([1, 1, 1, 3, 3, 3, 2, 2, 2, 4, 4, 4]);
  });

  it('goes on with somebody else while a peer can take no more, and comes back to it', () => {
    const [alice, bob] = [taker([1]), taker([3])];
    const turns = rowOf(alice, bob);
    expect(turns.next(canTake, 0)).toBe(alice);
    alice.uploads.next();
    expect(turns.next((other) => other !== alice, 0)).toBe(bob);
    bob.uploads.next();
    expect(turns.next(canTake, 0)).toBe(bob);
  });

  it('lets a turn end after five seconds, however long the piece', () => {
    const [alice, bob] = [taker([1]), taker([3])];
    const turns = rowOf(alice, bob);
    expect(turns.next(canTake, 0)).toBe(alice);
    expect(turns.next(canTake, 4_999)).toBe(alice);
    expect(turns.next(canTake, 5_000)).toBe(bob);
  });

  it('takes whoever waits longest, so that nobody is passed over', () => {
    const turns = rowOf(taker([1, 2, 3]), taker([4, 5, 6]), taker([7, 8, 9]));
    const order = serve(turns, 27);
    expect(order.filter((_, index) => index % 3 === 0)).toEqual([1, 4, 7, 2, 5, 8, 3, 6, 9]);
  });

  it('lets nobody who asks later pass one who waits, however long ago its last turn was', () => {
    const [alice, bob] = [taker([1]), taker([2])];
    const turns = rowOf(alice);
    expect(serve(turns, 3)).toEqual([1, 1, 1]);
    enqueue(alice, 3);
    turns.join(alice);
    turns.join(bob);
    expect(serve(turns, 6)).toEqual([3, 3, 3, 2, 2, 2]);
  });

  it('goes on with a peer that asks for the rest of the piece a moment later', () => {
    const [alice, bob] = [taker([]), taker([2])];
    alice.uploads.enqueue(block(1, 0));
    const turns = rowOf(alice, bob);
    expect(serve(turns, 1)).toEqual([1]);
    alice.uploads.enqueue(block(1, 1));
    turns.join(alice);
    expect(serve(turns, 2)).toEqual([1, 2]);
  });

  it('gives a new turn to those who come first, and to others where none of them can take it', () => {
    const [alice, bob, carol] = [taker([1]), taker([3]), taker([5])];
    const isFirst = (other: Taker): boolean => other !== alice;
    const next = (...able: Taker[]): Taker | undefined =>
      rowOf(alice, bob, carol).next((other) => able.includes(other), 0, isFirst);
    expect(next(alice, bob, carol)).toBe(bob);
    expect(next(alice, carol)).toBe(carol);
    expect(next(alice, bob)).toBe(bob);
    expect(next(alice)).toBe(alice);
    expect(next()).toBeUndefined();
  });

  it('gives those who come first a new turn in their own order', () => {
    const [alice, bob, carol] = [taker([1]), taker([3, 4]), taker([5])];
    const turns = rowOf(alice, bob, carol);
    const isFirst = (other: Taker): boolean => other !== alice;
    expect(turns.next(canTake, 0, isFirst)).toBe(bob);
    turns.end(bob);
    // Bob had his turn a moment ago.
    expect(turns.next(canTake, 0, isFirst)).toBe(carol);
  });

  it('does not cut a turn short for those who come first', () => {
    const [alice, bob] = [taker([1, 2]), taker([3])];
    const turns = rowOf(alice, bob);
    const pieces: (number | undefined)[] = [];
    const serveNext = (isFirst: (other: Taker) => boolean): void => {
      const piece = turns.next(canTake, 0, isFirst)?.uploads.next()?.piece;
      pieces.push(piece);
    };
    serveNext((other) => other === alice);
    for (let count = 0; count < 3; count++) serveNext((other) => other === bob);
    expect(pieces).toEqual([1, 1, 1, 3]);
  });

  it('forgets who left', () => {
    const [alice, bob] = [taker([1]), taker([3])];
    const turns = rowOf(alice, bob);
    expect(turns.next(canTake, 0)).toBe(alice);
    turns.leave(alice);
    turns.end(alice);
    expect(turns.next(canTake, 0)).toBe(bob);
    turns.leave(bob);
    expect(turns.isEmpty).toBe(true);
    // Until its turn is ended it may go on.
    expect(turns.next(canTake, 0)).toBe(bob);
    turns.end(bob);
    expect(turns.next(canTake, 0)).toBeUndefined();
  });
});

type Taker = TurnTaker & { readonly uploads: UploadQueue };

/** A peer that asked for all three blocks of each piece. */
function taker(pieces: readonly number[]): Taker {
  const made = { uploads: new UploadQueue(100) };
  for (const piece of pieces) enqueue(made, piece);
  return made;
}

function enqueue({ uploads }: Taker, piece: number): void {
  for (let index = 0; index < 3; index++) uploads.enqueue(block(piece, index));
}

function rowOf(...takers: readonly Taker[]): UploadTurns<Taker> {
  const turns = new UploadTurns<Taker>();
  for (const one of takers) turns.join(one);
  return turns;
}

/** The pieces of the next so many blocks. */
function serve(turns: UploadTurns<Taker>, count: number): (number | undefined)[] {
  return Array.from({ length: count }, () => {
    const next = turns.next(canTake, 0);
    const piece = next?.uploads.next()?.piece;
    if (next?.uploads.length === 0) turns.leave(next);
    return piece;
  });
}

function block(piece: number, index: number): BlockRef {
  return { piece: layout.pieceIndex(piece), begin: index * BLOCK_BYTES, length: BLOCK_BYTES };
}
