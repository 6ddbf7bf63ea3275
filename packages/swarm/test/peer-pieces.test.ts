import { PieceLayout } from '@p2p/wire';
import { describe, expect, it } from 'vitest';

import { PeerPieces } from '../src/core/peer-pieces.js';

const LAYOUT = new PieceLayout(65_536, 10 * 65_536);

describe('PeerPieces', () => {
  it('keeps a copy of a bitfield that arrives before the metadata, and judges it later', () => {
    const pieces = new PeerPieces();
    const bits = Uint8Array.of(0b1000_0000, 0b0100_0000);
    expect(pieces.claim({ type: 'bitfield', bits }, undefined)).toEqual({ kind: 'waiting' });
    bits.fill(0); // the view's buffer is used again by the decoder
    expect(pieces.known).toBeUndefined();
    expect(pieces.resolve(LAYOUT)).toEqual({ kind: 'opened' });
    expect([...(pieces.known?.indices() ?? [])]).toEqual([0, 9]);
  });

  it('adds haves that came before the metadata to the bitfield', () => {
    const pieces = new PeerPieces();
    pieces.claim({ type: 'haveNone' }, undefined);
    pieces.claim({ type: 'have', piece: 4 }, undefined);
    pieces.resolve(LAYOUT);
    expect([...(pieces.known?.indices() ?? [])]).toEqual([4]);
  });

  it('takes a have as the first word of a peer that has little', () => {
    const pieces = new PeerPieces();
    expect(pieces.claim({ type: 'have', piece: 3 }, LAYOUT)).toEqual({ kind: 'added' });
    expect(pieces.claim({ type: 'have', piece: 3 }, LAYOUT)).toEqual({ kind: 'known' });
  });

  it('refuses a second bitfield, and one after a have', () => {
    const twice = new PeerPieces();
    twice.claim({ type: 'haveAll' }, LAYOUT);
    expect(twice.claim({ type: 'haveNone' }, LAYOUT).kind).toBe('violation');
    const late = new PeerPieces();
    late.claim({ type: 'have', piece: 3 }, LAYOUT);
    expect(late.claim({ type: 'haveAll' }, LAYOUT).kind).toBe('violation');
  });

  it('refuses a piece that the torrent does not have, also when that shows only later', () => {
    expect(new PeerPieces().claim({ type: 'have', piece: 10 }, LAYOUT).kind).toBe('violation');
    const early = new PeerPieces();
    expect(early.claim({ type: 'have', piece: 10 }, undefined).kind).toBe('waiting');
    expect(early.resolve(LAYOUT).kind).toBe('violation');
  });

  it('keeps no more haves than its bound while it waits', () => {
    const pieces = new PeerPieces();
    for (let piece = 0; piece < 65_536; piece += 1) pieces.claim({ type: 'have', piece }, undefined);
    expect(pieces.claim({ type: 'have', piece: 1 }, undefined).kind).toBe('violation');
  });

  it('takes a piece back (BEP 54)', () => {
    const pieces = new PeerPieces();
    pieces.claim({ type: 'haveAll' }, LAYOUT);
    expect(pieces.lose(9)).toBe(true);
    expect(pieces.lose(9)).toBe(false);
    expect(pieces.lose(10)).toBe(false);
    expect(pieces.known?.isFull).toBe(false);
  });
});
