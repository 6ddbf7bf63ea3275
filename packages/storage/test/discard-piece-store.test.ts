import { describe, expect, it } from 'vitest';

import { createDiscardPieceStore } from '../src/discard-piece-store.js';
import { describePieceStore } from './piece-store.contract.js';
import { readPiece, sampleContent } from './sample-content.js';

describePieceStore('A store that discards', {
  open: ({ metainfo }) => Promise.resolve(createDiscardPieceStore(metainfo)),
  isFaithful: false,
});

describe('createDiscardPieceStore', () => {
  const { metainfo } = sampleContent({ length: 100_000 });

  it('begins complete if asked, and gives zeros', async () => {
    const store = createDiscardPieceStore(metainfo, { isComplete: true });
    expect(store.have().isFull).toBe(true);
    const last = metainfo.layout.pieceIndex(3);
    expect(await readPiece(store, last)).toEqual(new Uint8Array(100_000 - 3 * 32_768));
  });

  it('rejects an option it does not know', () => {
    expect(() => createDiscardPieceStore(metainfo, Object.assign({ isComplete: false }, { complete: true }))).toThrow(
      '"complete" is no option of createDiscardPieceStore; expected isComplete',
    );
  });
});
