import { BLOCK_BYTES, PieceLayout } from '@p2p/wire';
import { describe, expect, it } from 'vitest';

import { AllowedFastGrants } from '../../src/core/uploading/allowed-fast-grants.js';

const INFO_HASH = new Uint8Array(20).fill(0xaa);
const layout = new PieceLayout(2 * BLOCK_BYTES, 1_313 * 2 * BLOCK_BYTES);

describe('AllowedFastGrants', () => {
  it('grants the set that BEP 6 computes for the address', () => {
    const { pieces } = new AllowedFastGrants(layout, INFO_HASH, '80.4.4.200');
    expect(pieces).toEqual([1059, 431, 808, 1217, 287, 376, 1188, 353, 508, 1246]);
  });

  it('grants nothing to IPv6, and nothing in a torrent of few pieces', () => {
    const small = new PieceLayout(BLOCK_BYTES, 39 * BLOCK_BYTES);
    expect(new AllowedFastGrants(layout, INFO_HASH, '2001:db8::1').pieces).toEqual([]);
    expect(new AllowedFastGrants(small, INFO_HASH, '80.4.4.200').pieces).toEqual([]);
  });

  it('serves each granted piece three times, and no other', () => {
    const grants = new AllowedFastGrants(layout, INFO_HASH, '80.4.4.200');
    const granted = { piece: layout.pieceIndex(431), begin: 0, length: BLOCK_BYTES };
    for (let serving = 0; serving < 6; serving++) expect(grants.admit(granted, 0)).toBe(true);
    expect(grants.admit(granted, 0)).toBe(false);
    expect(grants.admit({ ...granted, piece: layout.pieceIndex(808) }, 0)).toBe(true);
    expect(grants.admit({ ...granted, piece: layout.pieceIndex(0) }, 0)).toBe(false);
  });

  it('ends the favour for a peer that has more than a few pieces', () => {
    const grants = new AllowedFastGrants(layout, INFO_HASH, '80.4.4.200');
    const granted = { piece: layout.pieceIndex(431), begin: 0, length: BLOCK_BYTES };
    expect(grants.admit(granted, 10)).toBe(true);
    expect(grants.admit(granted, 11)).toBe(false);
  });
});
