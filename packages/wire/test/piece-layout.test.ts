// Method: every small layout is compared with the content laid out byte by byte.
import { describe, expect, it } from 'vitest';

import { BLOCK_BYTES, MAX_PIECE_BYTES, MAX_PIECE_COUNT, PieceLayout } from '../src/index.js';

const lengths = [1, 2, 100, BLOCK_BYTES - 1, BLOCK_BYTES, BLOCK_BYTES + 1, 40_000, 65_536];
const totals = [0, 1, 99, 100, 101, 16_383, 16_384, 16_385, 65_535, 65_536, 65_537, 131_072, 200_001];
const layouts = lengths
  .flatMap((pieceLength) => totals.map((totalBytes) => ({ pieceLength, totalBytes })))
  .filter(({ pieceLength, totalBytes }) => totalBytes / pieceLength < 3000);

describe('PieceLayout', () => {
  it.each(layouts)('cuts $totalBytes bytes into pieces of $pieceLength without gap or overlap', (input) => {
    const layout = new PieceLayout(input.pieceLength, input.totalBytes);
    let offset = 0;
    let blocks = 0;
    for (const piece of layout.pieces()) {
      expect(layout.pieceOffset(piece)).toBe(offset);
      let begin = 0;
      for (let index = 0; index < layout.blockCount(piece); index++) {
        const length = layout.blockBytes(piece, index);
        expect(layout.blockIndex(begin)).toBe(index);
        expect(layout.blockIndex(begin + length - 1)).toBe(index);
        expect(layout.isBlock(piece, begin, length)).toBe(true);
        expect(layout.isRange(piece, begin, length)).toBe(true);
        begin += length;
        blocks++;
      }
      expect(begin).toBe(layout.pieceBytes(piece));
      offset += begin;
    }
    expect(offset).toBe(input.totalBytes);
    expect(blocks).toBe(layout.blockCountTotal);
  });

  const layout = new PieceLayout(65_536, 65_536 + 20_000);

  it.each([
    { piece: 0, begin: 0, length: BLOCK_BYTES, isBlock: true, isRange: true },
    { piece: 0, begin: 1, length: BLOCK_BYTES - 1, isBlock: false, isRange: true },
    { piece: 0, begin: 49_152, length: BLOCK_BYTES, isBlock: true, isRange: true },
    { piece: 0, begin: 49_152, length: BLOCK_BYTES + 1, isBlock: false, isRange: false },
    { piece: 0, begin: 49_153, length: BLOCK_BYTES, isBlock: false, isRange: false },
    { piece: 0, begin: 65_536, length: 1, isBlock: false, isRange: false },
    { piece: 1, begin: 16_384, length: 3616, isBlock: true, isRange: true },
    { piece: 1, begin: 16_384, length: 3615, isBlock: false, isRange: true },
    { piece: 1, begin: 16_384, length: BLOCK_BYTES, isBlock: false, isRange: false },
    { piece: 1, begin: 20_000, length: 0, isBlock: false, isRange: false },
    { piece: 2, begin: 0, length: 1, isBlock: false, isRange: false },
    { piece: -1, begin: 0, length: 1, isBlock: false, isRange: false },
    { piece: 0.5, begin: 0, length: 1, isBlock: false, isRange: false },
    { piece: 0, begin: -16_384, length: BLOCK_BYTES, isBlock: false, isRange: false },
    { piece: 0, begin: 0, length: 0, isBlock: false, isRange: false },
    { piece: 4_294_967_295, begin: 4_294_967_295, length: 4_294_967_295, isBlock: false, isRange: false },
  ])(
    'tells blocks and ranges from what they are not: $piece, $begin, $length',
    ({ piece, begin, length, ...expected }) => {
      expect(layout.isBlock(piece, begin, length)).toBe(expected.isBlock);
      expect(layout.isRange(piece, begin, length)).toBe(expected.isRange);
    },
  );

  it('mints only indices that exist', () => {
    expect(layout.pieceIndex(1)).toBe(1);
    for (const index of [-1, 2, 0.5, Number.NaN]) {
      expect(layout.hasPiece(index)).toBe(false);
      expect(() => layout.pieceIndex(index)).toThrow(`expected an integer from 0 to 1, got ${index}`);
    }
    expect(() => layout.blockBytes(layout.pieceIndex(1), 2)).toThrow('expected an integer from 0 to 1, got 2');
  });

  it('refuses what no torrent may be', () => {
    expect(() => new PieceLayout(0, 1)).toThrow(/pieceLength/);
    expect(() => new PieceLayout(MAX_PIECE_BYTES + 1, 1)).toThrow(/pieceLength/);
    expect(() => new PieceLayout(1, -1)).toThrow(/totalBytes/);
    expect(() => new PieceLayout(1, 2 ** 53)).toThrow(/totalBytes/);
    expect(() => new PieceLayout(1, MAX_PIECE_COUNT + 1)).toThrow(/at most 2097152 pieces/);
    expect(new PieceLayout(1, MAX_PIECE_COUNT).pieceCount).toBe(MAX_PIECE_COUNT);
  });
});
