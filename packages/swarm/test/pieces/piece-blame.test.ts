import { describe, expect, it } from 'vitest';

import { PieceBlame } from '../../src/core/pieces/piece-blame.js';

describe('PieceBlame', () => {
  it('convicts who spoilt a piece alone', () => {
    const blame = new PieceBlame();
    expect(blame.pieceCorrupt(3, ['mallory'])).toBe('mallory');
    expect(blame.isSuspect(3)).toBe(false);
  });

  it('blames a convict for whatever it took part in, and not those beside it', () => {
    const blame = new PieceBlame();
    blame.pieceStored(2, ['alice']);
    blame.pieceCorrupt(3, ['mallory']);
    expect(blame.pieceCorrupt(4, ['alice', 'mallory'])).toBe('mallory');
    expect([blame.isOnParole('alice'), blame.isSuspect(4)]).toEqual([false, false]);
    for (let peer = 0; peer < 1_000; peer += 1) blame.pieceCorrupt(peer, [`peer ${peer}`]);
    expect(blame.pieceCorrupt(4, ['alice', 'mallory'])).toBeUndefined();
  });

  it('puts several on parole, and suspects the piece until it is good', () => {
    const blame = new PieceBlame();
    expect(blame.pieceCorrupt(3, ['alice', 'mallory'])).toBeUndefined();
    expect([blame.isOnParole('alice'), blame.isOnParole('mallory')]).toEqual([true, true]);
    expect(blame.isSuspect(3)).toBe(true);
    blame.pieceStored(3, ['bob']);
    expect(blame.isSuspect(3)).toBe(false);
    expect(blame.isOnParole('alice')).toBe(true);
  });

  it('trusts nobody of whom nothing good is known, once a piece was spoilt', () => {
    const blame = new PieceBlame();
    expect(blame.isOnParole('alice')).toBe(false);
    blame.pieceStored(1, ['alice', 'bob']);
    blame.pieceCorrupt(3, ['mallory']);
    expect([blame.isOnParole('alice'), blame.isOnParole('bob'), blame.isOnParole('carol')]).toEqual([
      false,
      false,
      true,
    ]);
    blame.pieceStored(4, ['carol']);
    expect(blame.isOnParole('carol')).toBe(false);
  });

  it('clears a peer after one good piece of its own, after twice as many each further time', () => {
    const blame = new PieceBlame();
    for (const needed of [1, 2, 4]) {
      blame.pieceCorrupt(1, ['alice', 'mallory']);
      for (let piece = 0; piece < needed; piece++) {
        expect(blame.isOnParole('alice')).toBe(true);
        blame.pieceStored(piece, ['alice', 'bob']);
        blame.pieceStored(piece, ['alice']);
      }
      expect(blame.isOnParole('alice')).toBe(false);
    }
  });

  it('remembers the last thousand', () => {
    const blame = new PieceBlame();
    for (let peer = 0; peer < 1_001; peer += 1) blame.pieceCorrupt(peer, [`peer ${peer}`, 'mallory']);
    expect(blame.isOnParole('mallory')).toBe(true);
    blame.pieceStored(0, ['peer 0', 'peer 1', 'bob']);
    expect(blame.isOnParole('peer 0')).toBe(false);
    expect(blame.isOnParole('peer 1')).toBe(false);
    expect(blame.isOnParole('peer 2')).toBe(true);
  });
});
