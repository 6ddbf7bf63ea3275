import { describe, expect, it } from 'vitest';

import { createMemoryPieceStore } from '../src/memory-piece-store.js';
import { describePieceStore } from './piece-store.contract.js';
import { pieceBytes, readPiece, sampleContent } from './sample-content.js';

describePieceStore('A store in memory', {
  open: ({ metainfo }) => Promise.resolve(createMemoryPieceStore(metainfo)),
  isFaithful: true,
});

describe('createMemoryPieceStore with a content', () => {
  const sample = sampleContent({ length: 100_000 });
  const { metainfo, bytes } = sample;

  it('has every piece and gives it', async () => {
    const store = createMemoryPieceStore(metainfo, bytes);
    expect(store.have().isFull).toBe(true);
    const piece = metainfo.layout.pieceIndex(3);
    expect(await readPiece(store, piece)).toEqual(pieceBytes(sample, piece));
  });

  it('does not have a piece that is wrong', () => {
    const damaged = bytes.slice();
    damaged[40_000] = (damaged[40_000] ?? 0) ^ 1;
    expect([...createMemoryPieceStore(metainfo, damaged).have().indices()]).toEqual([0, 2, 3]);
  });

  it('refuses a content of another length', () => {
    expect(() => createMemoryPieceStore(metainfo, bytes.subarray(1))).toThrow(
      new RangeError('"content" expected 100000 bytes, got 99999'),
    );
  });
});
