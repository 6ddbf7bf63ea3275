import { describe, expect, it } from 'vitest';

import { IdealSwarm, SeededRandom } from '../../src/testing/index.js';

describe('picking in a network without time', () => {
  it.each([
    { leechers: 1, pieces: 40 },
    { leechers: 8, pieces: 256 },
    { leechers: 64, pieces: 256 },
  ])('comes within 1 % of the optimum: $leechers leechers, $pieces pieces', ({ leechers, pieces }) => {
    const swarm = new IdealSwarm({ leechers, pieces, degree: 64, random: new SeededRandom(7) });
    while (!swarm.isComplete) swarm.playRound();
    const optimum = pieces + Math.floor(Math.log2(leechers));
    expect(swarm.roundCount).toBeGreaterThanOrEqual(optimum);
    expect(swarm.roundCount).toBeLessThanOrEqual(1.01 * optimum);
  });

  it('lets every node send and receive one piece a round at most', () => {
    const swarm = new IdealSwarm({ leechers: 12, pieces: 20, degree: 4, random: new SeededRandom(1) });
    let before = Array.from({ length: 12 }, () => 0);
    for (let round = 1; !swarm.isComplete; round++) {
      swarm.playRound();
      const counts = before.map((_, index) => swarm.pieceCountOf(index + 1));
      const gained = counts.map((count, index) => count - (before[index] ?? 0));
      expect(Math.max(...gained)).toBe(1);
      expect(gained.reduce((sum, gain) => sum + gain, 0)).toBeLessThanOrEqual(Math.min(12, 2 ** (round - 1)));
      before = counts;
    }
    expect(swarm.completedAt.slice(1).every((round) => round !== undefined)).toBe(true);
  });
});
