import { array, assert, integer, property } from 'fast-check';
import { describe, expect, it } from 'vitest';

import { matching } from '../../src/testing/matching.js';

describe('a matching', () => {
  it('moves an earlier receiver to another sender when that lets a later one have one too', () => {
    expect(matching([[0, 1], [0]], 2)).toEqual([1, 0]);
  });

  it('never takes a sender away from an earlier receiver', () => {
    expect(matching([[0], [0]], 1)).toEqual([0, undefined]);
  });

  it('is as large as the largest there is, and gives nobody whom he did not choose', () => {
    const choices = array(array(integer({ min: 0, max: 4 }), { maxLength: 3 }), { maxLength: 5 });
    assert(
      property(choices, (wanted) => {
        const matched = matching(wanted, 5);
        const senders = matched.filter((sender) => sender !== undefined);
        expect(new Set(senders).size).toBe(senders.length);
        for (const [receiver, sender] of matched.entries()) {
          if (sender !== undefined) expect(wanted[receiver]).toContain(sender);
        }
        expect(senders).toHaveLength(largest(wanted, 0, new Set()));
      }),
    );
  });
});

/** By trying everything. */
function largest(wanted: readonly (readonly number[])[], receiver: number, taken: ReadonlySet<number>): number {
  const choices = wanted[receiver];
  if (choices === undefined) return 0;
  let best = largest(wanted, receiver + 1, taken);
  for (const sender of choices) {
    if (!taken.has(sender)) best = Math.max(best, 1 + largest(wanted, receiver + 1, new Set([...taken, sender])));
  }
  return best;
}
