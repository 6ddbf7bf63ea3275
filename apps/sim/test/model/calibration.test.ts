// The models of links against each other, and against what is known of BitTorrent over bad networks.
import { describe, expect, it } from 'vitest';

import type { ModelChoices } from '../../src/model/model-request.js';
import type { ModelResult } from '../../src/model/model-result.js';
import { modelRunOnce } from './a-model-run.js';

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];

/** One run depends on who happens to be unchoked first: the mean of a few does not. */
function meanRatio(choices: Partial<ModelChoices>): { readonly p50: number; readonly max: number } {
  const runs = SEEDS.map((seed) => modelRunOnce({ peers: 16, pieces: 64, ...choices, seed }));
  expect(runs.every(({ incomplete }) => incomplete === 0)).toBe(true);
  const mean = (of: (run: ModelResult) => number): number => runs.reduce((sum, run) => sum + of(run), 0) / runs.length;
  return { p50: mean(({ ratio }) => ratio.p50), max: mean(({ ratio }) => ratio.max) };
}

describe('the chunk model of links', () => {
  it('is within 5 % of exact max-min sharing, at the median and at the end', () => {
    const [chunk, fluid] = [meanRatio({}), meanRatio({ linkModel: 'fluid' })];
    expect(Math.abs(chunk.p50 / fluid.p50 - 1)).toBeLessThanOrEqual(0.05);
    expect(Math.abs(chunk.max / fluid.max - 1)).toBeLessThanOrEqual(0.05);
  });

  it('shows a swarm to be little slowed by distance, as Rao and others found of real ones', () => {
    // Theirs took an hour, ours a minute: the few round trips of the beginning must not count.
    const [near, far] = [meanRatio({ pieces: 256 }), meanRatio({ pieces: 256, set: ['extraRttMs=400'] })];
    expect(far.p50 / near.p50).toBeLessThanOrEqual(1.15);
    expect(far.max / near.max).toBeLessThanOrEqual(1.15);
  });
});

describe('the ideal network', () => {
  it('brings a flash crowd within 1 % of the closed formula', () => {
    const { ratio, checks, incomplete } = modelRunOnce({ peers: 64, pieces: 256, linkModel: 'ideal' });
    expect(ratio.max).toBeGreaterThanOrEqual(1);
    expect(ratio.max).toBeLessThanOrEqual(1.01);
    expect(checks.every(({ holds }) => holds)).toBe(true);
    expect(incomplete).toBe(0);
  });
});
