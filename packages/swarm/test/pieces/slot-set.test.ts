// Goal: bits behave as a set of numbers does. Method: the same random life for both.
import { array, assert, boolean, integer, property, tuple } from 'fast-check';
import { expect, it } from 'vitest';

import { SlotSet } from '../../src/core/pieces/slot-set.js';

it('a slot set holds what a set of numbers would hold', () => {
  assert(
    property(array(tuple(boolean(), integer({ min: 0, max: 200 }))), (steps) => {
      const bits = new SlotSet();
      const truth = new Set<number>();
      for (const [isAdded, slot] of steps) {
        if (isAdded) bits.add(slot);
        else bits.delete(slot);
        if (isAdded) truth.add(slot);
        else truth.delete(slot);
      }
      for (let slot = 0; slot < 300; slot++) expect(bits.has(slot)).toBe(truth.has(slot));
    }),
  );
});
