import { BLOCK_BYTES, type BlockRef, PieceLayout } from '@p2p/wire';
import { array, assert, boolean, integer, nat, property, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';

import { UploadQueue } from '../../src/core/uploading/upload-queue.js';

const layout = new PieceLayout(4 * BLOCK_BYTES, 400 * BLOCK_BYTES);

describe('UploadQueue', () => {
  it('gives requests out in the order in which they came', () => {
    const queue = new UploadQueue(10);
    for (const piece of [5, 3, 9]) queue.enqueue(block(piece, 0));
    expect([queue.next(), queue.next()]).toEqual([block(5, 0), block(3, 0)]);
    queue.enqueue(block(5, 0));
    expect([queue.next(), queue.next(), queue.next()]).toEqual([block(9, 0), block(5, 0), undefined]);
    queue.enqueue(block(1, 0));
    expect(queue.next()).toEqual(block(1, 0));
  });

  it('holds no more than its limit, and no request twice', () => {
    const queue = new UploadQueue(2);
    expect(queue.enqueue(block(0, 0))).toBe('queued');
    expect(queue.enqueue(block(0, 0))).toBe('duplicate');
    expect(queue.enqueue(block(0, 1))).toBe('queued');
    expect(queue.enqueue(block(0, 2))).toBe('full');
    expect(queue.enqueue(block(0, 1))).toBe('duplicate');
    expect(queue.length).toBe(2);
  });

  it('takes a request back, but only the very same one', () => {
    const queue = new UploadQueue(2);
    queue.enqueue(block(0, 0));
    expect(queue.cancel({ ...block(0, 0), length: 5 })).toBe(false);
    expect(queue.cancel(block(0, 1))).toBe(false);
    expect(queue.cancel(block(0, 0))).toBe(true);
    expect(queue.cancel(block(0, 0))).toBe(false);
    expect(queue.next()).toBeUndefined();
  });

  it('takes requests that begin at the same place and differ in length for two', () => {
    const queue = new UploadQueue(3);
    const [whole, part] = [block(0, 1), { ...block(0, 1), length: 5 }];
    expect([queue.enqueue(whole), queue.enqueue(part), queue.enqueue({ ...part })]).toEqual([
      'queued',
      'queued',
      'duplicate',
    ]);
    expect(queue.cancel(whole)).toBe(true);
    expect([queue.next(), queue.next()]).toEqual([part, undefined]);
  });

  it('clears all but what is to be kept, and says what it removed', () => {
    const queue = new UploadQueue(9);
    for (const piece of [1, 2, 3]) queue.enqueue(block(piece, 0));
    expect(queue.clear((queued) => queued.piece === 2)).toEqual([block(1, 0), block(3, 0)]);
    expect(queue.next()).toEqual(block(2, 0));
    queue.enqueue(block(4, 0));
    expect(queue.clear()).toEqual([block(4, 0)]);
    expect(queue.length).toBe(0);
  });

  it('agrees with a plain list under any sequence of calls', () => {
    const calls = array(tuple(integer({ min: 0, max: 3 }), nat(9), boolean(), boolean()), { maxLength: 200 });
    assert(
      property(calls, (sequence) => {
        const queue = new UploadQueue(6);
        let list: BlockRef[] = [];
        for (const [kind, piece, isLast, isWhole] of sequence) {
          const wanted = { ...block(piece, isLast ? 3 : 0), length: isWhole ? BLOCK_BYTES : 1_000 };
          const isSame = (each: BlockRef): boolean =>
            each.piece === wanted.piece && each.begin === wanted.begin && each.length === wanted.length;
          const isThere = list.some(isSame);
          if (kind <= 1) {
            const expected = isThere ? 'duplicate' : list.length === 6 ? 'full' : 'queued';
            if (expected === 'queued') list.push(wanted);
            expect(queue.enqueue(wanted)).toBe(expected);
          } else if (kind === 2) {
            list = list.filter((each) => !isSame(each));
            expect(queue.cancel(wanted)).toBe(isThere);
          } else expect(queue.next()).toEqual(list.shift());
          expect(queue.length).toBe(list.length);
        }
      }),
    );
  });
});

function block(piece: number, index: number): BlockRef {
  return { piece: layout.pieceIndex(piece), begin: index * BLOCK_BYTES, length: BLOCK_BYTES };
}
