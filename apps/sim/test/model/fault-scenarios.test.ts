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

  it('S07: some are gone before they are done, others come, and all who stay finish', () => {
    const result = modelRun({ scenario: 'S07', peers: 10, set: ['sessions=1'] });
    expect(result.sometimes['gone before it was done']).toBeGreaterThan(0);
    expect(result.peers).toBe(10 + 30);
    expect(result.incomplete).toBe(0);
    expect(result.bound.name).toBe('LBt');
    expect(actual(result, 'p95')).toBe(result.ratio.p95);
  });

  it('S09: all finish among liars, tarpits and poisoners', () => {
    const set = ['liars=0.3', 'tarpits=0.3', 'poisoners=0.3'];
    const result = modelRun({ scenario: 'S09', peers: 10, set });
    expect(result.series.faults.map(({ label }) => label)).toEqual(['9 liars, tarpits and poisoners']);
    expect(result.incomplete).toBe(0);
    const alone = modelRun({ scenario: 'S09', peers: 10, set: ['liars=0', 'tarpits=0', 'poisoners=0'] });
    expect(result.controlShare).toBeGreaterThan(alone.controlShare);
    expect(result.bound).toEqual(alone.bound);
  });

  it.each([
    { oneIn: 1, worst: 2 },
    // One block in 64 is bad: what it delivers alone and what others had a part in look alike for longer.
    { oneIn: 64, worst: 4 },
  ])('S08: polluters spoil one block in $oneIn, are banned for it, nobody else is, and all others finish', (choice) => {
    const { oneIn, worst } = choice;
    for (const seed of [1, 2, 3]) {
      const set = ['pollutingShare=0.3', `oneIn=${oneIn}`];
      const result = modelRun({ scenario: 'S08', seed, peers: 10, pieces: 64, set });
      expect(result.incomplete).toBe(0);
      expect(actual(result, 'of it spoilt')).toBeGreaterThan(0);
      expect(result.sometimes.ban).toBeGreaterThan(0);
      expect(actual(result, 'bans of honest peers')).toBe(0);
      expect(actual(result, 'spoilt pieces for each ban')).toBeLessThanOrEqual(worst);
    }
  });

  it.each(['false', 'true'])('S11: the halves meet again (one way: %s)', (isOneWay) => {
    const result = modelRun({ scenario: 'S11', peers: 8, set: ['partedSeconds=10', `isOneWay=${isOneWay}`] });
    expect(result.incomplete).toBe(0);
    expect(actual(result, 'to one component')).toBeLessThanOrEqual(10);
    // Half of them waited for it.
    expect(result.completionSeconds.at(-1)).toBeGreaterThan(10);
  });

  it.each(['seeder', 'leecher'])('S12: the swarm goes on without its bootstrap, a %s', (bootstrap) => {
    const result = modelRun({ scenario: 'S12', peers: 8, set: [`bootstrap=${bootstrap}`] });
    expect(actual(result, 'without a link')).toBe(0);
    expect(result.completionSeconds).toHaveLength(8);
    expect(result.incomplete).toBe(0);
    // What a seeder sent, not the bootstrap: of a leecher that dies it is next to nothing.
    if (bootstrap === 'leecher') expect(result.seederCopies).toBeGreaterThanOrEqual(1);
  });

  it('S15: a longer way costs time', () => {
    const lastAt = (rttMs: number) =>
      modelRun({ scenario: 'S15', peers: 1, set: [`rttMs=${rttMs}`] }).completionSeconds.at(-1) ?? NaN;
    expect(lastAt(300)).toBeGreaterThan(lastAt(20));
  });
});
