import { describe, expect, it } from 'vitest';

import { ALICE, BOB, CAROL, DAVE, piecesOf, TestSwarm } from './test-swarm.js';

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

  it('begins a much rarer piece of a slow peer rather than share a common one, unless that is nearly complete', () => {
    const slow = { isSnubbed: false, isFast: false };
    const sharedAfter = (blocksTaken: number): number[] => {
      const swarm = new TestSwarm({ pieces: 6, blocks: 8, stored: [2, 3, 4, 5] });
      for (const session of [BOB, CAROL, DAVE]) swarm.addLeecher(session, [0]);
      swarm.addLeecher(ALICE, [0, 1]);
      expect(piecesOf(swarm.pick(BOB, blocksTaken, slow))).toEqual([0]);
      return piecesOf(swarm.pick(ALICE, 1, slow));
    };
    expect(sharedAfter(3)).toEqual([1]);
    expect(sharedAfter(4)).toEqual([0]);
  });
});
