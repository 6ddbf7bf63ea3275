// Goal: the scenarios of the overlay measure what they say, and hold for a small swarm; the figures for hundreds and
// thousands come from `p2p-sim model`.
import { describe, expect, it } from 'vitest';

import { modelRun } from './a-model-run.js';

function failed(checks: readonly { readonly name: string; readonly holds: boolean }[]): string[] {
  return checks.filter(({ holds }) => !holds).map(({ name }) => name);
}

describe('the overlay', () => {
  it('of peers that arrive one by one is whole, and stays so when half of them die', () => {
    const set = ['gapSeconds=0.5', 'restSeconds=30', 'deadShare=0.5'];
    const { checks, series } = modelRun({ scenario: 'O1', peers: 40, set });
    // Of 40 peers with 40 links each all are neighbours: that is what clustering is.
    expect(failed(checks)).toEqual(['clustering']);
    expect(Math.max(...series.livingPeers)).toBe(40);
    const survivors = series.livingPeers.at(-1) ?? 0;
    expect(survivors).toBeLessThan(30);
    expect(survivors).toBeGreaterThan(10);
  });

  it('takes in everybody who comes at once', () => {
    const { checks } = modelRun({ scenario: 'O2', peers: 60, set: ['arrivalSeconds=0'] });
    expect(failed(checks)).toEqual([]);
  });

  it('is in two parts while it is parted, and one soon after', () => {
    const { checks } = modelRun({ scenario: 'O3', peers: 24, set: ['arrivalSeconds=5'] });
    expect(failed(checks)).toEqual([]);
  });
});
