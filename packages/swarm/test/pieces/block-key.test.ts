import { BLOCK_BYTES } from '@p2p/wire';
import { describe, expect, it } from 'vitest';

import { blockKey } from '../../src/core/pieces/block-key.js';

describe('blockKey', () => {
  it('is another number for every place, to the last byte of the largest torrent', () => {
    const [lastPiece, lastBlock] = [2_097_151, 4_095 * BLOCK_BYTES];
    const places = [
      { piece: 0, begin: 0 },
      { piece: 0, begin: 1 },
      { piece: 0, begin: BLOCK_BYTES },
      { piece: 0, begin: lastBlock + BLOCK_BYTES - 1 },
      { piece: 1, begin: 0 },
      { piece: lastPiece, begin: lastBlock },
      { piece: lastPiece, begin: lastBlock + 1 },
      { piece: lastPiece, begin: lastBlock + BLOCK_BYTES - 1 },
    ];
    expect(new Set(places.map(blockKey)).size).toBe(places.length);
  });
});
