/**
 * Goal: every PieceStore keeps the same promises. Method: one suite, run for each implementation over contents of several
 * shapes; what a store cannot do by its nature (a discarding one cannot give bytes back) is said by its traits.
 */
import { describe, expect, it } from 'vitest';

import type { Bitfield, PieceIndex } from '@p2p/wire';

import type { PieceStore } from '../src/piece-store.js';
import { sha1 } from '../src/sha1.js';
import { StorageError } from '../src/storage-error.js';
import { commit, pieceBytes, read, readPiece, sampleContent, storeAll, writePiece } from './sample-content.js';
import type { SampleContent } from './sample-content.js';

/** How a store is opened, and what it can do. */
export interface StoreUnderTest {
  readonly open: (sample: SampleContent) => Promise<PieceStore>;
  /** Whether reading gives what was written; else zeros. */
  readonly isFaithful: boolean;
}

const shapes = {
  'one file, short last piece': sampleContent({ length: 5 * 32_768 + 1_234 }),
  'one byte': sampleContent({ length: 1 }),
  'one file of whole pieces': sampleContent({ length: 4 * 16_384, pieceLength: 16_384 }),
  'pieces no multiple of a block': sampleContent({ length: 200_000, pieceLength: 40_000 }),
  'many files with borders inside pieces, padding, and empty ones': sampleContent({
    name: 'folder',
    files: [
      { path: ['a', 'first.bin'], length: 10_000 },
      { path: ['a', 'empty'], length: 0 },
      { path: ['b.bin'], length: 70_001 },
      { path: ['.pad', '12303'], length: 12_303, attributes: 'p' },
      { path: ['c', 'd', 'e.bin'], length: 40_000 },
      { path: ['f.bin'], length: 1 },
      { path: ['last is empty'], length: 0 },
    ],
  }),
};

/** Runs the contract for one implementation. */
export function describePieceStore(name: string, { open, isFaithful }: StoreUnderTest): void {
  describe.each(Object.entries(shapes))(`${name} holding %s`, (_, sample) => {
    const { metainfo, bytes } = sample;
    const { layout } = metainfo;
    const first = layout.pieceIndex(0);
    const last = layout.pieceIndex(layout.pieceCount - 1);
    const seen = (expected: Uint8Array): Uint8Array => (isFaithful ? expected : new Uint8Array(expected.length));

    it('begins with nothing', async () => {
      const store = await open(sample);
      expect(store.have().isEmpty).toBe(true);
      expect(store.metainfo).toBe(metainfo);
      await store.close();
    });

    it('gives back every piece it stored', async () => {
      const store = await open(sample);
      await storeAll(store, sample);
      expect(store.have().isFull).toBe(true);
      for (const piece of layout.pieces()) {
        expect(isSame(await readPiece(store, piece), seen(pieceBytes(sample, piece)))).toBe(true);
      }
      await store.close();
    });

    it('puts a piece together from blocks in any order', async () => {
      const store = await open(sample);
      const whole = pieceBytes(sample, first);
      for (let block = layout.blockCount(first) - 1; block >= 0; block--) {
        store.writeBlock(first, block * 16_384, whole.subarray(block * 16_384, block * 16_384 + 16_384));
      }
      expect(await commit(store, first)).toEqual({ kind: 'stored' });
      await store.close();
    });

    it('calls a piece with a wrong byte corrupt, and stores the right one afterwards', async () => {
      const store = await open(sample);
      const wrong = pieceBytes(sample, last).slice();
      wrong[wrong.length - 1] = (wrong.at(-1) ?? 0) ^ 1;
      writePiece(store, last, wrong);
      expect(await commit(store, last)).toEqual({ kind: 'corrupt' });
      expect(store.have().has(last)).toBe(false);
      writePiece(store, last, pieceBytes(sample, last));
      expect(await commit(store, last)).toEqual({ kind: 'stored' });
      await store.close();
    });

    it('calls a piece of which nothing came, or that was discarded, corrupt', async () => {
      const store = await open(sample);
      expect(await commit(store, first)).toEqual({ kind: 'corrupt' });
      writePiece(store, first, pieceBytes(sample, first));
      store.discardPiece(first);
      expect(await commit(store, first)).toEqual({ kind: 'corrupt' });
      await store.close();
    });

    it('drops blocks of a piece that is stored, and calls it stored again', async () => {
      const store = await open(sample);
      await storeAll(store, sample, [first]);
      store.writeBlock(first, 0, new Uint8Array(1));
      expect(await commit(store, first)).toEqual({ kind: 'stored' });
      expect(isSame(await readPiece(store, first), seen(pieceBytes(sample, first)))).toBe(true);
      await store.close();
    });

    it('refuses a block that does not lie in its piece', async () => {
      const store = await open(sample);
      const tooLong = new Uint8Array(layout.pieceBytes(last) + 1);
      expect(() => store.writeBlock(last, 0, tooLong)).toThrow(RangeError);
      expect(() => store.writeBlock(last, -1, new Uint8Array(1))).toThrow(RangeError);
      await store.close();
    });

    it('never answers before the call returns, and answers reads in the order of the calls', async () => {
      const store = await open(sample);
      await storeAll(store, sample);
      const answers: number[] = [];
      const pieces = [...layout.pieces()].reverse();
      await new Promise<void>((resolve) => {
        for (const piece of pieces) {
          store.readBlock({ piece, begin: 0, length: 1 }, () => {
            answers.push(piece);
            if (answers.length === pieces.length) resolve();
          });
        }
        store.discardPiece(first);
        expect(answers).toEqual([]);
      });
      expect(answers).toEqual(pieces);
      let isAnswered = false;
      const committed = new Promise<void>((resolve) => {
        store.commitPiece(first, () => {
          isAnswered = true;
          resolve();
        });
      });
      expect(isAnswered).toBe(false);
      await committed;
      await store.close();
    });

    it('fails a read of a piece that is not stored, and of a range that is none', async () => {
      const store = await open(sample);
      expect(await read(store, first, 0, 1)).toMatchObject({ kind: 'failed', error: { code: 'missing-piece' } });
      await storeAll(store, sample, [last]);
      const outside = await read(store, last, layout.pieceBytes(last), 1);
      expect(outside).toMatchObject({ kind: 'failed', error: { code: 'missing-piece' } });
      await store.close();
    });

    it('reads ranges that begin and end anywhere', async () => {
      const store = await open(sample);
      await storeAll(store, sample);
      for (const piece of layout.pieces()) {
        const length = layout.pieceBytes(piece);
        for (const [begin, count] of ranges(length)) {
          const outcome = await read(store, piece, begin, count);
          const expected = seen(pieceBytes(sample, piece).subarray(begin, begin + count));
          expect(outcome.kind === 'read' && isSame(outcome.data, expected)).toBe(true);
        }
      }
      await store.close();
    });

    it('hands out copies of what it has', async () => {
      const store = await open(sample);
      store.have().set(0);
      expect(store.have().isEmpty).toBe(true);
      await store.close();
    });

    it('verifies what it stored', async () => {
      const store = await open(sample);
      await storeAll(store, sample, [last]);
      expect(await store.verifyPiece(last)).toBe(true);
      expect(await store.verifyPiece(first)).toBe(first === last);
      expect(indices(await store.verifyAll())).toEqual([last]);
      await store.close();
    });

    it('knows the hashes of the whole and of each file, once all is stored', async () => {
      const store = await open(sample);
      await expect(store.wholeSha1()).rejects.toMatchObject({ code: 'missing-piece' });
      await expect(store.contentSha1s()).rejects.toMatchObject({ code: 'missing-piece' });
      await storeAll(store, sample);
      expect(new Uint8Array(await store.wholeSha1())).toEqual(new Uint8Array(sha1(seen(bytes))));
      const { whole, files: hashes } = await store.contentSha1s();
      expect(new Uint8Array(whole)).toEqual(new Uint8Array(sha1(seen(bytes))));
      const expected = metainfo.files.map(({ offset, length }) => sha1(seen(bytes.subarray(offset, offset + length))));
      expect(hashes.map((hash) => new Uint8Array(hash))).toEqual(expected.map((hash) => new Uint8Array(hash)));
      await store.close();
    });

    it('fails what is asked after it was closed, and may be closed twice', async () => {
      const store = await open(sample);
      await storeAll(store, sample, [first]);
      await Promise.all([store.close(), store.close()]);
      await store.close();
      expect(await read(store, first, 0, 1)).toMatchObject({ kind: 'failed', error: { code: 'closed' } });
      store.writeBlock(last, 0, new Uint8Array(1));
      expect(await commit(store, last)).toMatchObject({ kind: 'failed', error: { code: 'closed' } });
      await expect(store.flush()).rejects.toThrow(StorageError);
      await expect(store.verifyAll()).rejects.toMatchObject({ code: 'closed' });
    });

    it('stores many pieces that are committed at once', async () => {
      const store = await open(sample);
      for (const piece of layout.pieces()) writePiece(store, piece, pieceBytes(sample, piece));
      const outcomes = await Promise.all([...layout.pieces()].map((piece: PieceIndex) => commit(store, piece)));
      expect(outcomes.every((outcome) => outcome.kind === 'stored')).toBe(true);
      expect(store.have().isFull).toBe(true);
      await store.flush();
      await store.close();
    });
  });
}

/** Vitest compares arrays element by element, which takes a second for a megabyte. */
function isSame(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}

function indices(bitfield: Bitfield): number[] {
  return [...bitfield.indices()];
}

function ranges(length: number): [number, number][] {
  const block = Math.min(16_384, length);
  const middle = Math.floor((length - block) / 2);
  return [
    [0, 1],
    [length - 1, 1],
    [middle, block],
    [length - block, block],
    [Math.min(16_383, length - 1), Math.min(2, length - Math.min(16_383, length - 1))],
  ];
}
