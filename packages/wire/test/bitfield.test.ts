// Method: the bitfield against a plain Set, through random sequences of operations.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { Bitfield, MAX_PIECE_COUNT } from '../src/index.js';

describe('Bitfield', () => {
  it('does what a Set does', () => {
    const operations = fc.array(fc.tuple(fc.boolean(), fc.nat({ max: 99 })), { maxLength: 200 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), operations, (size, list) => {
        const bitfield = new Bitfield(size);
        const model = new Set<number>();
        for (const [isSet, number] of list) {
          const index = number % size;
          const changed = isSet ? !model.has(index) : model.has(index);
          if (isSet) model.add(index);
          else model.delete(index);
          expect(isSet ? bitfield.set(index) : bitfield.clear(index)).toBe(changed);
        }
        expect([...bitfield.indices()]).toEqual([...model].sort((a, b) => a - b));
        const visited: number[] = [];
        bitfield.forEach((index) => visited.push(index));
        expect(visited).toEqual([...bitfield.indices()]);
        expect(bitfield.count).toBe(model.size);
        expect(bitfield.isEmpty).toBe(model.size === 0);
        expect(bitfield.isFull).toBe(model.size === size);
        expect(Bitfield.fromWire(bitfield.toWire(), size)).toEqual(bitfield);
        expect(Bitfield.fromWire(bitfield.toWire(), size).count).toBe(model.size);
      }),
    );
  });

  it('tells whether a peer has what we lack', () => {
    const set = fc.uniqueArray(fc.nat({ max: 19 }));
    fc.assert(
      fc.property(set, set, (theirs, ours) => {
        const expected = theirs.some((index) => !ours.includes(index));
        expect(bitfieldOf(20, theirs).hasAnyMissingFrom(bitfieldOf(20, ours))).toBe(expected);
        const common = theirs.filter((index) => ours.includes(index)).sort((a, b) => a - b);
        expect(bitfieldOf(20, theirs).countCommon(bitfieldOf(20, ours))).toBe(common.length);
        for (let start = 0; start <= 20; start++) {
          const first = common.find((index) => index >= start);
          expect(bitfieldOf(20, theirs).firstCommonFrom(bitfieldOf(20, ours), start)).toBe(first);
        }
      }),
    );
    expect(() => new Bitfield(1).hasAnyMissingFrom(new Bitfield(2))).toThrow(RangeError);
    expect(() => new Bitfield(1).countCommon(new Bitfield(2))).toThrow(RangeError);
    expect(() => new Bitfield(1).firstCommonFrom(new Bitfield(2), 0)).toThrow(RangeError);
  });

  it('is full with spare bits clear, for every size', () => {
    for (let size = 0; size <= 70; size++) {
      const full = Bitfield.full(size);
      expect(full.count).toBe(size);
      expect([...full.indices()]).toEqual(Array.from({ length: size }, (_, index) => index));
      expect(Bitfield.fromWire(full.toWire(), size).isFull).toBe(true);
    }
  });

  it('has nothing outside the torrent, and takes nothing there', () => {
    const full = Bitfield.full(9);
    for (const index of [
      -1,
      9,
      15,
      16,
      2 ** 31,
      2 ** 32,
      1.5,
      8.999,
      -0.5,
      2 ** -40,
      Number.NaN,
      Number.POSITIVE_INFINITY,
    ]) {
      expect(full.has(index), String(index)).toBe(false);
      expect(() => full.set(index)).toThrow(RangeError);
      expect(() => full.clear(index)).toThrow(RangeError);
    }
  });

  it('is independent of its clone, of its wire bytes and of the bytes it was made from', () => {
    const bytes = Uint8Array.of(0x80);
    const original = Bitfield.fromWire(bytes, 8);
    bytes[0] = 0xff;
    original.toWire()[0] = 0xff;
    original.clone().set(7);
    expect([...original.indices()]).toEqual([0]);
    expect(original.clone().count).toBe(1);
  });

  it('is never larger than a torrent may be', () => {
    expect(new Bitfield(MAX_PIECE_COUNT).size).toBe(MAX_PIECE_COUNT);
    for (const size of [-1, 1.5, MAX_PIECE_COUNT + 1]) expect(() => new Bitfield(size)).toThrow(/size: expected/);
  });
});

function bitfieldOf(size: number, indices: readonly number[]): Bitfield {
  const bitfield = new Bitfield(size);
  for (const index of indices) bitfield.set(index);
  return bitfield;
}
