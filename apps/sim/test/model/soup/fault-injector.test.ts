import { describe, expect, it } from 'vitest';

import { drawPlan } from '../../../src/model/soup/draw-plan.js';
import { REFERENCE_TRUTH } from '../../../src/model/soup/payload-truth.js';
import { SoupWorld } from '../../../src/model/soup/soup-world.js';
import type { Fault } from '../../../src/model/faults/fault.js';

/** A drawn world in which these faults happen and no others. */
function worldWith(faults: readonly Fault[]) {
  const world = new SoupWorld({ ...drawPlan(1), faults }, REFERENCE_TRUTH);
  const [node] = world.nodes;
  if (node === undefined) throw new Error('a drawn world has two nodes at the least');
  return { node, runTo: (ms: number) => void world.run(ms, () => false) };
}

describe('faults that overlap', () => {
  it('of one kind go on until the last of them is over, and no longer', () => {
    const { node, runTo } = worldWith([
      { kind: 'fullDisk', at: 1_000, node: 0, until: 3_000 },
      { kind: 'fullDisk', at: 2_000, node: 0, until: 5_000 },
    ]);
    const isFullAt = [500, 1_500, 2_500, 3_500, 5_500].map((ms) => {
      runTo(ms);
      return node.disk.faults.isFull;
    });
    expect(isFullAt).toEqual([false, true, true, true, false]);
  });

  it('of a slow disk leave it as slow as it was', () => {
    const { node, runTo } = worldWith([
      { kind: 'slowDisk', at: 1_000, node: 0, until: 4_000, delayMs: 5_000 },
      { kind: 'slowDisk', at: 2_000, node: 0, until: 3_000, delayMs: 100 },
    ]);
    const delaysAt = [1_500, 2_500, 3_500, 4_500].map((ms) => {
      runTo(ms);
      return node.disk.faults.delayMs;
    });
    expect(delaysAt).toEqual([5_000, 100, 5_000, node.plan.diskDelayMs]);
  });

  it('of a paused process let it go on when the last is over', () => {
    const { node, runTo } = worldWith([
      { kind: 'pause', at: 1_000, node: 0, until: 3_000 },
      { kind: 'pause', at: 2_000, node: 0, until: 5_000 },
    ]);
    const isFrozenAt = [500, 1_500, 3_500, 5_500].map((ms) => {
      runTo(ms);
      return node.isFrozen;
    });
    expect(isFrozenAt).toEqual([false, true, true, false]);
  });
});
