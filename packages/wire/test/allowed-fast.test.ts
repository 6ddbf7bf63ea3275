import { describe, expect, it } from 'vitest';

import { allowedFastSet } from '../src/index.js';

const infoHash = new Uint8Array(20).fill(0xaa);

describe('allowedFastSet', () => {
  it('ends, with fewer pieces than wanted, and has each piece once', () => {
    for (const pieceCount of [0, 1, 2, 3, 9, 10, 11]) {
      const pieces = allowedFastSet({ infoHash, host: '10.0.0.1', pieceCount, count: 10 });
      expect(new Set(pieces).size).toBe(pieces.length);
      expect(pieces.length).toBe(Math.min(10, pieceCount));
      expect(pieces.every((piece) => piece < pieceCount)).toBe(true);
    }
  });

  it('is the same for all hosts of a /24', () => {
    const of = (host: string): number[] => allowedFastSet({ infoHash, host, pieceCount: 1313, count: 10 });
    expect(of('80.4.4.1')).toEqual(of('80.4.4.200'));
    expect(of('80.4.5.200')).not.toEqual(of('80.4.4.200'));
  });

  it('needs a whole info-hash', () => {
    expect(() => allowedFastSet({ infoHash: new Uint8Array(32), host: '1.2.3.4', pieceCount: 1, count: 1 })).toThrow(
      RangeError,
    );
  });
});
