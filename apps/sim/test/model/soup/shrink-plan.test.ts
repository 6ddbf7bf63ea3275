import { describe, expect, it } from 'vitest';

import { drawPlan } from '../../../src/model/soup/draw-plan.js';
import { shrinkPlan } from '../../../src/model/soup/shrink-plan.js';
import type { SoupPlan } from '../../../src/model/soup/soup-plan.js';

describe('shrink plan', () => {
  it('leaves out everything that the failure does not need', () => {
    // A pretended failure: it takes one pause, and nothing else.
    const plan: SoupPlan = {
      ...drawPlan(1211),
      faults: [...drawPlan(1211).faults, { kind: 'pause', at: 500, node: 1, until: 900 }],
    };
    const smallest = shrinkPlan(plan, ({ faults }) =>
      faults.some((fault) => fault.kind === 'pause' && fault.node === 1),
    );
    expect(smallest.faults).toEqual([{ kind: 'pause', at: 500, node: 1, until: 900 }]);
    expect(smallest.nodes).toHaveLength(2);
    expect(smallest.pieces).toBe(1);
    expect(smallest.healAt).toBe(1_000);
  });

  it('gives the plan back if nothing smaller fails', () => {
    const plan = drawPlan(7);
    expect(shrinkPlan(plan, () => false)).toBe(plan);
  });
});
