import { describe, expect, it } from 'vitest';

import { ARENA_CHUNK_BYTES, PieceArena, cutChunk } from '../src/piece-arena.js';

describe('PieceArena', () => {
  it('takes memory only when it is needed, and never more than allowed', () => {
    const chunks: SharedArrayBuffer[] = [];
    const arena = new PieceArena(65_536, 2 * ARENA_CHUNK_BYTES + 65_536, (memory) => chunks.push(memory));
    expect(chunks).toHaveLength(0);
    const slots = Array.from({ length: 33 }, () => arena.take());
    expect(new Set(slots).size).toBe(33);
    expect(chunks.map((chunk) => chunk.byteLength)).toEqual([ARENA_CHUNK_BYTES, ARENA_CHUNK_BYTES, 65_536]);
    expect(arena.take()).toBeUndefined();
    arena.release(7);
    expect(arena.take()).toBe(7);
  });

  it('gives the slot freed last first, while its memory is warm', () => {
    const arena = new PieceArena(16, 1_024);
    const [first = 0, second = 0] = [arena.take(), arena.take(), arena.take()];
    arena.release(second);
    arena.release(first);
    expect(arena.take()).toBe(first);
    expect(arena.take()).toBe(second);
  });

  it('allows one slot, however long', () => {
    const arena = new PieceArena(10_000, 100);
    expect(arena.take()).toBe(0);
    expect(arena.take()).toBeUndefined();
    expect(arena.bytes(0)).toHaveLength(10_000);
  });

  it('keeps slots apart, and shows them to who cuts the chunks alike', () => {
    const chunks: SharedArrayBuffer[] = [];
    const arena = new PieceArena(1_000, 1_000_000, (memory) => chunks.push(memory));
    const slots = Array.from({ length: 300 }, () => arena.take() ?? -1);
    for (const slot of slots) arena.bytes(slot).fill(slot & 0xff);
    const seen = chunks.flatMap((memory) => cutChunk(memory, 1_000));
    for (const slot of slots) expect(seen[slot]?.every((byte) => byte === (slot & 0xff))).toBe(true);
  });

  it('names the bounds of a slot that is none', () => {
    expect(() => new PieceArena(1, 10).bytes(0)).toThrow(RangeError);
  });
});
