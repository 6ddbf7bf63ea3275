// Goal: the scenarios in which peers die, lie or are parted do what they say, and everybody who should finish does; whether
// the targets are met is for larger swarms, by `p2p-sim model`.
import { describe, expect, it } from 'vitest';

import type { ModelResult } from '../../src/model/model-result.js';
import { modelRun } from './a-model-run.js';

function actual({ checks }: ModelResult, name: string): number {
  return checks.find((check) => check.name.includes(name))?.actual ?? NaN;
}

describe('scenarios of faults', () => {
  it('S06: those killed are replaced, and all who live finish', () => {
    const result = modelRun({ scenario: 'S06', peers: 10, set: ['churnShare=0.4'] });
    expect(result.sometimes['killed and replaced']).toBe(4);
    expect(result.peers).toBe(14);
    expect(result.incomplete).toBe(0);
    expect(result.bound.name).toBe('LBt');
    expect(actual(result, 'last survivor')).toBeGreaterThan(1);
  });

  it('S08: polluters spoil something, are banned for it, and all others finish', () => {
    const result = modelRun({ scenario: 'S08', peers: 10, set: ['pollutingShare=0.3'] });
    expect(result.incomplete).toBe(0);
    expect(result.wastedShare).toBeGreaterThan(0);
    expect(result.sometimes.ban).toBeGreaterThan(actual(result, 'bans of honest peers'));
  });

  it.each(['false', 'true'])('S11: the halves meet again (one way: %s)', (isOneWay) => {
    const result = modelRun({ scenario: 'S11', peers: 8, set: ['partedSeconds=10', `isOneWay=${isOneWay}`] });
    expect(result.incomplete).toBe(0);
    expect(actual(result, 'to one component')).toBeLessThanOrEqual(10);
    // Half of them waited for it.
    expect(result.completionSeconds.at(-1)).toBeGreaterThan(10);
  });

  it('S12: the swarm goes on without its bootstrap', () => {
    const result = modelRun({ scenario: 'S12', peers: 8 });
    expect(actual(result, 'without a link')).toBe(0);
    expect(result.completionSeconds).toHaveLength(8);
    expect(result.incomplete).toBe(0);
  });

  it('S15: a longer way costs time', () => {
    const lastAt = (rttMs: number) =>
      modelRun({ scenario: 'S15', peers: 1, set: [`rttMs=${rttMs}`] }).completionSeconds.at(-1) ?? NaN;
    expect(lastAt(300)).toBeGreaterThan(lastAt(20));
  });
});
