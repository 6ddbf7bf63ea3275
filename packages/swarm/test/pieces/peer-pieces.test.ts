import { PieceLayout } from '@p2p/wire';
import { describe, expect, it } from 'vitest';

import { PeerPieces } from '../../src/core/pieces/peer-pieces.js';

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

  it('takes a later bitfield or have all, as aria2 sends it, for the haves it stands for', () => {
    const pieces = new PeerPieces();
    pieces.claim({ type: 'haveNone' }, LAYOUT);
    pieces.claim({ type: 'have', piece: 3 }, LAYOUT);
    const bits = Uint8Array.of(0b1001_0000, 0b0100_0000);
    expect(pieces.claim({ type: 'bitfield', bits }, LAYOUT)).toEqual({ kind: 'summary', pieces: [0, 9] });
    for (const piece of [0, 9]) expect(pieces.claim({ type: 'have', piece }, LAYOUT)).toEqual({ kind: 'added' });
    expect(pieces.claim({ type: 'haveAll' }, LAYOUT)).toEqual({ kind: 'summary', pieces: [1, 2, 4, 5, 6, 7, 8] });
  });

  it('believes the later of two bitfields that came before the metadata', () => {
    const pieces = new PeerPieces();
    pieces.claim({ type: 'bitfield', bits: Uint8Array.of(0b1000_0000, 0) }, undefined);
    expect(pieces.claim({ type: 'bitfield', bits: Uint8Array.of(0b1100_0000, 0) }, undefined).kind).toBe('waiting');
    pieces.resolve(LAYOUT);
    expect([...(pieces.known?.indices() ?? [])]).toEqual([0, 1]);
  });

  it('hears the first word of a peer that spoke only after the metadata was there', () => {
    const silent = new PeerPieces();
    silent.resolve(LAYOUT);
    expect(silent.claim({ type: 'haveNone' }, LAYOUT)).toEqual({ kind: 'summary', pieces: [] });
    const late = new PeerPieces();
    late.resolve(LAYOUT);
    const bits = Uint8Array.of(0b1000_0000, 0b0100_0000);
    expect(late.claim({ type: 'bitfield', bits }, LAYOUT)).toEqual({ kind: 'summary', pieces: [0, 9] });
  });

  it('refuses a have none after anything else', () => {
    const pieces = new PeerPieces();
    pieces.claim({ type: 'haveAll' }, LAYOUT);
    expect(pieces.claim({ type: 'haveNone' }, LAYOUT).kind).toBe('violation');
  });

  it('refuses a piece that the torrent does not have, also when that shows only later', () => {
    expect(new PeerPieces().claim({ type: 'have', piece: 10 }, LAYOUT).kind).toBe('violation');
    const early = new PeerPieces();
    expect(early.claim({ type: 'have', piece: 10 }, undefined).kind).toBe('waiting');
    expect(early.resolve(LAYOUT).kind).toBe('violation');
  });

  it.each([
    ['of the wrong length', Uint8Array.of(0)],
    ['with a spare bit', Uint8Array.of(0, 0b0000_0001)],
  ])('refuses a bitfield %s, whether the metadata is known by then or not', (_, bits) => {
    const early = new PeerPieces();
    expect(early.claim({ type: 'bitfield', bits }, undefined).kind).toBe('waiting');
    expect(early.resolve(LAYOUT).kind).toBe('violation');
    expect(new PeerPieces().claim({ type: 'bitfield', bits }, LAYOUT).kind).toBe('violation');
    const second = new PeerPieces();
    second.claim({ type: 'haveNone' }, LAYOUT);
    expect(second.claim({ type: 'bitfield', bits }, LAYOUT).kind).toBe('violation');
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

  it('takes a piece back that the peer claimed and lost before the metadata was there', () => {
    const pieces = new PeerPieces();
    pieces.claim({ type: 'haveAll' }, undefined);
    for (const piece of [2, 5, 7, 99]) pieces.lose(piece);
    pieces.claim({ type: 'have', piece: 5 }, undefined);
    pieces.claim({ type: 'have', piece: 6 }, undefined);
    pieces.lose(6);
    pieces.resolve(LAYOUT);
    expect([...(pieces.known?.indices() ?? [])]).toEqual([0, 1, 3, 4, 5, 8, 9]);
  });

  it('believes a bitfield that comes after a loss, the metadata being unknown', () => {
    const pieces = new PeerPieces();
    pieces.claim({ type: 'haveAll' }, undefined);
    for (const piece of [0, 1]) pieces.lose(piece);
    pieces.claim({ type: 'bitfield', bits: Uint8Array.of(0b1000_0000, 0) }, undefined);
    pieces.resolve(LAYOUT);
    expect([...(pieces.known?.indices() ?? [])]).toEqual([0]);
  });
});
