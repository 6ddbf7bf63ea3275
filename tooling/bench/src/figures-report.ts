import type { Figure } from './bench-case.js';
import { spreadOf, type Spread } from './statistics.js';
import { formatColumns, formatSpread } from './table.js';

/** What one probe found in each round. */
export interface ProbeResult {
  readonly name: string;
  readonly rounds: readonly (readonly Figure[])[];
}

/** One figure of one probe. */
export interface FigureSummary {
  readonly figure: string;
  readonly unit: string;
  readonly who: string;
  readonly value: Spread;
  /** Ours divided by this, round by round; nothing when ours does not tell this figure. */
  readonly oursToThis: Spread | undefined;
}

export const OURS = 'ours';

/** Figure by figure, so that all who tell the same one stand below each other. */
export function summarizeFigures(results: readonly ProbeResult[]): readonly FigureSummary[] {
  const names = new Map(results.flatMap(({ rounds }) => rounds.flat().map(({ name, unit }) => [name, unit] as const)));
  return [...names].flatMap(([figure, unit]) =>
    results.flatMap((result) => {
      const values = valuesOf(result, figure);
      if (values.length === 0) return [];
      const ours = valuesOf(
        results.find(({ name }) => name === OURS),
        figure,
      );
      const ratios = values.flatMap((value, round) => (ours[round] === undefined ? [] : [ours[round] / value]));
      const oursToThis = ratios.length === 0 ? undefined : spreadOf(ratios);
      return [{ figure, unit, who: result.name, value: spreadOf(values), oursToThis }];
    }),
  );
}

/** The middle value of a figure, of ours unless told; nothing when it was not measured. */
export function medianOf(summaries: readonly FigureSummary[], figure: string, who: string = OURS): number | undefined {
  return summaries.find((one) => one.figure === figure && one.who === who)?.value.median;
}

/** The middle ratio of ours to somebody's; nothing when one of them was not measured. */
export function ratioTo(summaries: readonly FigureSummary[], figure: string, who: string): number | undefined {
  return summaries.find((one) => one.figure === figure && one.who === who)?.oursToThis?.median;
}

/** A table for people. */
export function formatFigures(summaries: readonly FigureSummary[]): string {
  const rows = summaries.map(({ figure, unit, who, value, oursToThis }) => [
    figure,
    who,
    formatSpread(value),
    unit,
    oursToThis === undefined || who === OURS ? '' : formatSpread(oursToThis),
  ]);
  return formatColumns([['figure', 'who', 'median (range)', 'unit', 'ours/this (range)'], ...rows], 2);
}

function valuesOf(result: ProbeResult | undefined, figure: string): readonly number[] {
  return (result?.rounds ?? []).flat().flatMap(({ name, value }) => (name === figure ? [value] : []));
}
