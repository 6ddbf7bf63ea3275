import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { standaloneSvg } from '../../src/report/figure.js';
import { buildReport, type Report } from '../../src/report/report.js';
import { ResultCollection } from '../../src/report/result-collection.js';
import { modelResultSchema, realRunSchema } from '../../src/report/result-schema.js';
import { fixtureResult, fixtureRun, fixtureSweep, type FixtureOptions } from './fixture-results.js';

/** As if it had been read from a file. */
function reportOf(...results: readonly unknown[]): Report {
  const collection = new ResultCollection();
  for (const result of results) {
    const value: unknown = JSON.parse(JSON.stringify(result));
    const model = modelResultSchema.safeParse(value);
    if (model.success) collection.addModel(model.data);
    else collection.addRun(realRunSchema.parse(value));
  }
  return buildReport(collection);
}

function idsOf(report: Report): string[] {
  return report.figures.map(({ id }) => id);
}

const S01 = ['s01-completion', 's01-progress', 's01-uplink', 's01-availability', 's01-overlay'];

describe('buildReport', () => {
  it('draws everything that the results have material for, under ids that differ', () => {
    const ids = idsOf(reportOf(...fixtureSweep()));
    expect(ids).toEqual(
      expect.arrayContaining([
        ...['overview', 'ratio-by-peers', 'simulated-against-real', ...S01],
        ...['s01-by-degree', 's05-by-freeriders', 's05-by-view', 's04-by-choker', 's11-overlay'],
      ]),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('draws no comparison where there is nothing to compare', () => {
    expect(idsOf(reportOf(fixtureResult()))).toEqual(S01);
  });

  it('does without samples', () => {
    const { series, ...rest } = fixtureResult();
    const empty = Object.fromEntries(Object.keys(series).map((name) => [name, []]));
    expect(idsOf(reportOf({ ...rest, series: empty }))).toEqual(['s01-completion']);
  });

  it('draws a swarm in which nobody finishes', () => {
    const report = reportOf(fixtureResult({ peers: 8, incomplete: 8 }));
    expect(report.figures[0]?.title).toContain('never');
    expect(report.page).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('gives real runs without simulations a page, and says that it has no results when there are none', () => {
    expect(reportOf(fixtureRun(4)).page).toContain('1 run of real processes.');
    expect(() => reportOf()).toThrow(/there is no result .*p2p-sim model/);
  });

  it('is the same for the same results in any order, given once or twice', () => {
    const results = fixtureSweep().filter((_, index) => index % 3 === 0);
    const pictures = reportOf(...results).figures.map(standaloneSvg);
    fc.assert(
      fc.property(fc.shuffledSubarray([...results], { minLength: results.length }), (shuffled) => {
        expect(reportOf(...shuffled, shuffled[0]).figures.map(standaloneSvg)).toEqual(pictures);
      }),
      { numRuns: 3 },
    );
  });

  it('shows missed targets, runs that did not finish with the command that replays them, and rare paths never taken', () => {
    const { page } = reportOf(
      fixtureResult({
        scenario: 'S06',
        peers: 20,
        seed: 7,
        settings: { churn: 0.2 },
        slowness: 1.15,
        incomplete: 1,
      }),
    );
    expect(page).toContain('✗ 1 of 2 missed:</span> max over bound');
    expect(page).toMatch(/1 peer of seed\s+7/);
    expect(page).toContain('<code>p2p-sim model --scenario S06 --peers 20 --seed 7</code>');
    expect(page).toMatch(/slot theft refused<\/td>\s*<td class="n"><span class="bad">✗ never/);
  });

  it('says when one seed gave two traces', () => {
    const { page } = reportOf(fixtureResult(), { ...fixtureResult(), traceHash: '0123456789abcdef' });
    expect(page).toContain('S01 with 64 peers, seed 1: two runs with different traces');
  });

  it('lets no result write markup', () => {
    const evil = '<script>alert(1)</script>"\'&';
    const options: FixtureOptions = { scenario: evil, settings: { [evil]: evil }, incomplete: 1 };
    const faults = [{ at: 1, label: evil }];
    const report = reportOf(
      fixtureResult({ ...options, faults }),
      fixtureResult({ ...options, settings: { [evil]: 'b' } }),
    );
    const text = [report.page, ...report.figures.map(standaloneSvg)].join('\n');
    expect(text).not.toContain('<script');
    expect(report.figures.every(({ id }) => /^[a-z0-9-]+$/.test(id))).toBe(true);
  });
});
