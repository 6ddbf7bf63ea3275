import { describe, expect, it } from 'vitest';

import { formatFigures, medianOf, ratioTo, summarizeFigures, type ProbeResult } from '../src/figures-report.js';

describe('summarizeFigures', () => {
  it('sets figures of the same name beside each other, ours divided by the other in each round', () => {
    const found = summarizeFigures([probe('ours', 'speed', [10, 20, 60]), probe('other', 'speed', [10, 10, 20])]);
    expect(found.map(({ who }) => who)).toEqual(['ours', 'other']);
    expect(found[1]).toMatchObject({ value: { median: 10 }, oursToThis: { median: 2, least: 1, most: 3 } });
    expect(medianOf(found, 'speed')).toBe(20);
    expect(ratioTo(found, 'speed', 'other')).toBe(2);
  });

  it('compares nothing that only one of them tells', () => {
    const found = summarizeFigures([probe('ours', 'speed', [1]), probe('other', 'size', [2])]);
    expect(found.map(({ figure, oursToThis }) => [figure, oursToThis === undefined])).toEqual([
      ['speed', false],
      ['size', true],
    ]);
    expect(ratioTo(found, 'size', 'other')).toBeUndefined();
    expect(medianOf(found, 'size')).toBeUndefined();
  });
});

describe('formatFigures', () => {
  it('shows unit and ratio, and no ratio of ours to itself', () => {
    const summaries = summarizeFigures([probe('ours', 'speed', [1000]), probe('other', 'speed', [500])]);
    expect(
      formatFigures(summaries)
        .split('\n')
        .map((line) => line.split(/ {2,}/).filter(Boolean)),
    ).toEqual([
      ['figure', 'who', 'median (range)', 'unit', 'ours/this (range)'],
      ['speed', 'ours', '1000 (1000-1000)', 'MB/s'],
      ['speed', 'other', '500.00 (500.00-500.00)', 'MB/s', '2.00 (2.00-2.00)'],
    ]);
  });
});

function probe(name: string, figure: string, values: readonly number[]): ProbeResult {
  return { name, rounds: values.map((value) => [{ name: figure, unit: 'MB/s', value }]) };
}
