import { describe, expect, it } from 'vitest';

import { ResultCollection } from '../../src/report/result-collection.js';
import { parameters } from '../../src/report/result-group.js';
import { fixtureResult } from './fixture-results.js';

function collect(...results: ReturnType<typeof fixtureResult>[]): ResultCollection {
  const collection = new ResultCollection();
  for (const result of results) collection.addModel(result);
  return collection;
}

describe('ResultCollection', () => {
  it('puts runs that differ in their seed only into one group, by seed', () => {
    const groups = collect(fixtureResult({ seed: 9 }), fixtureResult({ seed: 2 })).groups();
    expect(groups.map(({ runs }) => runs.map(({ seed }) => seed))).toEqual([[2, 9]]);
  });

  it('does not care in what order settings were given', () => {
    const groups = collect(
      fixtureResult({ seed: 1, settings: { a: 1, b: 2 } }),
      fixtureResult({ seed: 2, settings: { b: 2, a: 1 } }),
    ).groups();
    expect(groups).toHaveLength(1);
  });

  it('orders groups by scenario, then by size as numbers', () => {
    const groups = collect(
      fixtureResult({ scenario: 'S02' }),
      fixtureResult({ peers: 1000 }),
      fixtureResult({ peers: 8 }),
    ).groups();
    expect(groups.map(parameters).map(({ scenario, peers }) => `${scenario} ${peers}`)).toEqual([
      'S01 8',
      'S01 1000',
      'S02 64',
    ]);
  });

  it('counts a result once, however often it comes', () => {
    const collection = collect(fixtureResult(), fixtureResult(), fixtureResult());
    expect(collection.groups()[0]?.runs).toHaveLength(1);
    expect(collection.duplicateCount).toBe(2);
    expect(collection.contradictions).toEqual([]);
  });

  it('keeps the same one of two times of a run, in whatever order they come', () => {
    const times = [1, 2].map((wallSeconds) => ({ ...fixtureResult(), wallSeconds }));
    const kept = [times, [...times].reverse()].map((results) => {
      const [group] = collect(...results).groups();
      return [group?.runs, group?.detailed].map((runs) => runs?.map(({ wallSeconds }) => wallSeconds));
    });
    expect(kept[0]).toEqual(kept[1]);
    expect(kept[0]).toEqual([[1], [1]]);
  });

  it('tells of one seed with two traces, and keeps both', () => {
    const collection = collect(fixtureResult(), { ...fixtureResult(), traceHash: 'deadbeefdeadbeef' });
    expect(collection.groups()[0]?.runs).toHaveLength(2);
    expect(collection.contradictions).toEqual(['S01 with 64 peers, seed 1']);
  });

  it('keeps the series of the lowest seeds only, so that a soup fits into memory', () => {
    const seeds = Array.from({ length: 50 }, (_, index) => 50 - index);
    const [group] = collect(...seeds.map((seed) => fixtureResult({ seed, peers: 8 }))).groups();
    expect(group?.runs).toHaveLength(50);
    expect(group?.detailed.map(({ seed }) => seed)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    expect(group?.runs[0]).not.toHaveProperty('series');
  });
});
