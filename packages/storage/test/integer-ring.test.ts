import { describe, expect, it } from 'vitest';

import { IntegerRing, RING_CAPACITY } from '../src/integer-ring.js';

describe('IntegerRing', () => {
  it('gives records in order to a second ring over the same memory', () => {
    const sender = new IntegerRing(3);
    const receiver = new IntegerRing(3, sender.memory);
    const record = new Int32Array(3);
    expect(receiver.pop(record)).toBe(false);
    sender.push(Int32Array.of(1, 2, 3));
    sender.push(Int32Array.of(-1, -2, -3));
    expect(receiver.pop(record)).toBe(true);
    expect([...record]).toEqual([1, 2, 3]);
    expect(receiver.pop(record)).toBe(true);
    expect([...record]).toEqual([-1, -2, -3]);
    expect(receiver.pop(record)).toBe(false);
  });

  it('refuses a record when it is full, and takes one again when one was taken', () => {
    const ring = new IntegerRing(1);
    for (let index = 0; index < RING_CAPACITY; index++) expect(ring.push(Int32Array.of(index))).toBe(true);
    expect(ring.push(Int32Array.of(-1))).toBe(false);
    const record = new Int32Array(1);
    ring.pop(record);
    expect(ring.push(Int32Array.of(-2))).toBe(true);
  });

  it('goes round many times without mixing records up', () => {
    const ring = new IntegerRing(2);
    const record = new Int32Array(2);
    let taken = 0;
    for (let index = 0; index < RING_CAPACITY * 5; index++) {
      ring.push(Int32Array.of(index, ~index));
      if (index % 8 === 0) continue;
      ring.pop(record);
      expect([...record]).toEqual([taken, ~taken]);
      taken += 1;
    }
  });

  it('goes on where its counters wrap', () => {
    const memory = new IntegerRing(1).memory;
    new Int32Array(memory).fill(0x7fff_ffff, 0, 17);
    const ring = new IntegerRing(1, memory);
    for (const value of [5, 6, 7]) ring.push(Int32Array.of(value));
    const record = new Int32Array(1);
    const seen = [5, 6, 7].map(() => (ring.pop(record) ? record[0] : undefined));
    expect(seen).toEqual([5, 6, 7]);
    expect(ring.pop(record)).toBe(false);
  });
});
