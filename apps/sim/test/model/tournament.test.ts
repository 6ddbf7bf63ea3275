import { describe, expect, it } from 'vitest';

import type { ModelResult } from '../../src/model/model-result.js';
import { FAIRNESS, overall, standings } from '../../src/model/tournament.js';
import { modelRun } from './a-model-run.js';

const RUN = modelRun({ scenario: 'S05', peers: 4, pieces: 8 });

describe('the standings of a scenario', () => {
  it('are by the median last peer over the seeds', () => {
    const results = [run('a', 1, 2), run('b', 1.2, 1.5), run('a', 1.1, 1.2), run('b', 1.2, 1.7), run('a', 1, 1.3)];
    expect(standings(results)).toEqual([
      { choker: 'a', p50: 1, max: 1.3, unfair: 0 },
      { choker: 'b', p50: 1.2, max: 1.6, unfair: 0 },
    ]);
  });

  it('count the runs in which a free rider was early', () => {
    expect(RUN.checks.map(({ name }) => name)).toContain(FAIRNESS);
    const results = [run('a', 1, 2, { holds: false }), run('a', 1, 2)];
    expect(standings(results)[0]?.unfair).toBe(1);
  });
});

describe('the whole tournament', () => {
  it('adds up the ranks of the scenarios', () => {
    const first = standings([run('a', 1, 2), run('b', 1, 3), run('c', 1, 4)]);
    const second = standings([run('a', 1, 3), run('b', 1, 4), run('c', 1, 2)]);
    expect(overall([first, second])).toEqual([
      { choker: 'a', ranks: 3 },
      { choker: 'c', ranks: 4 },
      { choker: 'b', ranks: 5 },
    ]);
  });
});

function run(choker: string, p50: number, max: number, { holds = true } = {}): ModelResult {
  const checks = RUN.checks.map((each) => (each.name === FAIRNESS ? { ...each, holds } : each));
  return { ...RUN, settings: { choker }, ratio: { p50, p95: max, max }, checks };
}
