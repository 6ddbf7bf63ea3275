import { describe, expect, it } from 'vitest';

import { drawPlan } from '../../../src/model/soup/draw-plan.js';
import { BYTE_TRUTH, REFERENCE_TRUTH } from '../../../src/model/soup/payload-truth.js';
import { runSoup, runSoupIn } from '../../../src/model/soup/run-soup.js';

/** A fixed handful; `p2p-sim soup` runs thousands. */
const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];

describe('run soup', () => {
  it.each(SEEDS)('repeats seed %i exactly', (seed) => {
    const first = runSoup(drawPlan(seed));
    const second = runSoup(drawPlan(seed));
    expect(second).toEqual(first);
  });

  it('decides the same whether blocks are bytes or references', () => {
    const plan = drawPlan(3);
    const inBytes = runSoupIn(plan, BYTE_TRUTH);
    const inReferences = runSoupIn(plan, REFERENCE_TRUTH);
    expect(inBytes).toEqual(inReferences);
  });
});
