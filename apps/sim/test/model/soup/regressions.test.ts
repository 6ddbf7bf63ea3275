import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { runSoup } from '../../../src/model/soup/run-soup.js';
import type { FailingPlan } from '../../../src/model/soup/soup-seed.js';

/** Plans that once failed, one a line, with what was wrong. `p2p-sim soup` prints the line of a new one. */
const LINES = readFileSync(new URL('../../soup-regressions.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n');

describe('soup regressions', () => {
  it.each(LINES.map((line) => [parse(line)] as const))('$seed: $violations', ({ plan }) => {
    const outcome = runSoup(plan);
    expect(outcome.violations).toEqual([]);
    expect(runSoup(plan)).toEqual(outcome);
  });
});

function parse(line: string): FailingPlan {
  // eslint-disable-next-line p2p/no-type-assertion -- written by `p2p-sim soup`, and kept in this repository
  return JSON.parse(line) as FailingPlan;
}
