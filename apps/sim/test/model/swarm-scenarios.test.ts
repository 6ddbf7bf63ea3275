// Goal: every scenario of a whole swarm ends when it is small, and its checks look at what they name; the figures for
// hundreds and thousands of peers come from `p2p-sim model`.
import { describe, expect, it } from 'vitest';

import type { ModelResult } from '../../src/model/model-result.js';
import { modelRun } from './a-model-run.js';

describe('a swarm scenario', () => {
  it.each([
    // A rule shows when it hands the slots out again, after ten seconds.
    { scenario: 'S02', checks: 2, pieces: 48 },
    { scenario: 'S03', checks: 3 },
    { scenario: 'S04', checks: 3, pieceBytes: 2_097_152 },
    { scenario: 'S05', checks: 4 },
    { scenario: 'S10', checks: 2 },
    { scenario: 'S13', checks: 1 },
    { scenario: 'S14', checks: 2, also: ['into=flash'] },
    { scenario: 'S16', checks: 2 },
    { scenario: 'S17', checks: 4 },
  ])(
    '$scenario ends, reports its checks, and takes a choker',
    ({ scenario, checks, pieces = 24, pieceBytes = 65_536, also = [] }) => {
      const small = { scenario, peers: 6, pieces, pieceBytes };
      const byDefault = modelRun({ ...small, set: also });
      expect(byDefault.checks).toHaveLength(checks);
      for (const { name, actual } of byDefault.checks) expect([name, Number.isFinite(actual)]).toEqual([name, true]);
      expect(byDefault.bound.seconds).toBeGreaterThan(0);
      expect(byDefault.ratio.max).toBeGreaterThan(0);
      // With one slot each, the rule that fills it makes another run.
      const rules = ['rate-based', 'cooperative', 'anti-leech'];
      const traces = rules.map((rule) => {
        return modelRun({ ...small, set: [...also, 'uploadSlots=1', `choker=${rule}`, `seedChoker=${seedRule(rule)}`] })
          .traceHash;
      });
      expect(new Set(traces).size).toBeGreaterThan(1);
    },
  );

  it('S02 uses a seeder that is faster than its leechers', () => {
    const { bound, ratio, seederCopies } = modelRun({
      scenario: 'S02',
      peers: 8,
      pieces: 128,
      set: ['seederOverUp=4'],
    });
    // The seeder alone is a third of all uplinks.
    expect(bound.name).toBe('LB1');
    // Leechers that ask it for no more than twice what each of them gives take 1.2 times as long, and have 1.7 copies of it.
    expect(ratio.max).toBeLessThan(1.1);
    expect(seederCopies).toBeGreaterThan(2);
  });

  it('S03 takes more from the seeder when nobody stays to give something back', () => {
    const [atOnce = 0, ratio1 = Infinity] = ['completion', 'ratio1'].map((leave) => {
      // What a dozen leechers take is chance as well: of one seed alone the two may be equal.
      const copies = [1, 2, 3].map((seed) => {
        const result = modelRun({ scenario: 'S03', peers: 12, pieces: 8, seed, set: [`leave=${leave}`] });
        expect(result.completionSeconds).toHaveLength(12);
        expect(result.sometimes.done).toBe(12);
        expect(result.series.livingPeers.at(-1)).toBeLessThan(13);
        return result.seederCopies;
      });
      return copies.reduce((sum, each) => sum + each, 0);
    });
    expect(atOnce).toBeGreaterThan(ratio1);
  });

  it('S05 holds free riders back', () => {
    const honest = modelRun({ scenario: 'S05', peers: 8, pieces: 64, set: ['freeriders=0'] });
    const shared = modelRun({ scenario: 'S05', peers: 8, pieces: 64, set: ['freeriders=0.5', 'view=large'] });
    expect(honest.completionSeconds).toHaveLength(8);
    expect(shared.completionSeconds).toHaveLength(4);
    // Half of the uplinks carry as many copies.
    expect(shared.bound.seconds).toBeGreaterThan(1.5 * honest.bound.seconds);
  });

  it('S17 asks for next to nothing twice', () => {
    const { duplicateShare, incomplete } = modelRun({ scenario: 'S17', peers: 12, pieces: 64 });
    expect(incomplete).toBe(0);
    // It was 3.5 %, when the end of a download asked again for what was on its way.
    expect(duplicateShare).toBeLessThan(0.005);
  });

  it('S10 takes time from those who need it', () => {
    const alone = modelRun({ scenario: 'S10', peers: 4, pieces: 32, set: ['thieves=0'] });
    const robbed = modelRun({ scenario: 'S10', peers: 4, pieces: 32, set: ['thieves=8'] });
    expect(robbed.ratio.max).toBeGreaterThan(1.2 * alone.ratio.max);
  });

  it('S13 strands everybody when the seeder leaves before it has sent all', () => {
    const stranded = modelRun({ scenario: 'S13', peers: 6, pieces: 32, set: ['copies=0.5'] });
    expect(stranded.incomplete).toBe(6);
    expect(actualOf(stranded, 'share of the leechers that finish')).toBe(0);
    expect(modelRun({ scenario: 'S13', peers: 6, pieces: 32, set: ['copies=2'] }).incomplete).toBe(0);
  });

  it.each(['seeds', 'busy', 'flash'])('S14 lets somebody join: %s', (into) => {
    const { series, checks } = modelRun({ scenario: 'S14', peers: 6, pieces: 32, set: [`into=${into}`] });
    expect(series.faults.map(({ label }) => label)).toEqual(['the joiner comes', 'the joiner is done']);
    expect(checks[0]?.actual).toBeGreaterThanOrEqual(1);
    expect(checks[1]?.actual).toBeGreaterThan(0);
  });

  it.each(['chunk', 'fluid'] as const)('S16 slows lines down half-way (%s)', (linkModel) => {
    const [sane, gray] = ['rateLeft=1', 'rateLeft=0.01'].map((left) => {
      const run = modelRun({ scenario: 'S16', linkModel, peers: 6, pieces: 32, set: ['grayShare=0.5', left] });
      return progressSinceFault(run, [1, 3, 5]);
    });
    expect(sane).toBeGreaterThan(0.3);
    expect(gray).toBeLessThan(0.1);
  });
});

/** How much of the file these leechers got, on average, after the first mark of a fault. */
function progressSinceFault({ series }: ModelResult, leechers: readonly number[]): number {
  const before = series.at.findIndex((at) => at >= (series.faults[0]?.at ?? Infinity));
  const gained = leechers.map((row) => (series.progress[row]?.at(-1) ?? NaN) - (series.progress[row]?.[before] ?? NaN));
  return gained.reduce((sum, share) => sum + share, 0) / gained.length;
}

function seedRule(rule: string): string {
  return rule === 'rate-based' ? 'round-robin' : rule;
}

function actualOf({ checks }: ModelResult, name: string): number | undefined {
  return checks.find((each) => each.name === name)?.actual;
}
