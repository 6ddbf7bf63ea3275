import { describe, expect, it } from 'vitest';

import { ALICE, TestSwarm } from './test-swarm.js';

describe('BlockScheduler: when a piece is begun', () => {
  const hints = { isSnubbed: false, isFast: true, beginsWith: 4 };

  it('begins no piece of a busy peer with room for a part of it only', () => {
    const swarm = new TestSwarm({ pieces: 3, blocks: 4 });
    swarm.addSeed(ALICE);
    expect(swarm.pick(ALICE, 4, hints)).toHaveLength(4);
    expect(swarm.pick(ALICE, 3, hints)).toEqual([]);
    expect(swarm.pick(ALICE, 4, hints)).toHaveLength(4);
  });

  it('begins one of an idle peer in any case', () => {
    const swarm = new TestSwarm({ pieces: 3, blocks: 4 });
    swarm.addSeed(ALICE);
    expect(swarm.pick(ALICE, 2, hints)).toHaveLength(2);
  });
});
