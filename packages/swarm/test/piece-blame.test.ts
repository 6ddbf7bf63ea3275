import { describe, expect, it } from 'vitest';

import { PieceBlame } from '../src/core/piece-blame.js';

describe('PieceBlame', () => {
  it('convicts who spoilt a piece alone', () => {
    const blame = new PieceBlame();
    expect(blame.pieceCorrupt(3, ['mallory'])).toBe('mallory');
    expect(blame.isSuspect(3)).toBe(false);
  });

  it('puts several on parole, and suspects the piece until it is good', () => {
    const blame = new PieceBlame();
    expect(blame.pieceCorrupt(3, ['alice', 'mallory'])).toBeUndefined();
    expect([blame.isOnParole('alice'), blame.isOnParole('mallory'), blame.isOnParole('bob')]).toEqual([
      true,
      true,
      false,
    ]);
    expect(blame.isSuspect(3)).toBe(true);
    blame.pieceStored(3, ['bob']);
    expect(blame.isSuspect(3)).toBe(false);
    expect(blame.isOnParole('alice')).toBe(true);
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
    expect(blame.isOnParole('peer 0')).toBe(false);
    expect(blame.isOnParole('peer 1')).toBe(false);
    expect(blame.isOnParole('peer 2')).toBe(true);
  });
});
