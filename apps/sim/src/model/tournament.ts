import type { ModelResult } from './model-result.js';

/** What one rule reached in one scenario: medians over the seeds. */
export interface Standing {
  readonly choker: string;
  readonly p50: number;
  readonly max: number;
  /** Runs of how many that missed a target that is about incentives. */
  readonly unfair: number;
}

/** The standings of one scenario, best first: by the last peer, then by the median one. */
export function standings(results: readonly ModelResult[]): Standing[] {
  const byRule = new Map<string, ModelResult[]>();
  for (const result of results) {
    const choker = String(result.settings['choker']);
    byRule.set(choker, [...(byRule.get(choker) ?? []), result]);
  }
  return [...byRule]
    .map(([choker, runs]) => ({
      choker,
      p50: median(runs.map(({ ratio }) => ratio.p50)),
      max: median(runs.map(({ ratio }) => ratio.max)),
      unfair: runs.filter(isUnfair).length,
    }))
    .sort((a, b) => a.max - b.max || a.p50 - b.p50 || (a.choker < b.choker ? -1 : 1));
}

/** Rules by the sum of their ranks over all scenarios, best first. */
export function overall(scenarios: readonly (readonly Standing[])[]): { choker: string; ranks: number }[] {
  const sums = new Map<string, number>();
  for (const list of scenarios) {
    for (const [rank, { choker }] of list.entries()) sums.set(choker, (sums.get(choker) ?? 0) + rank + 1);
  }
  return [...sums]
    .map(([choker, ranks]) => ({ choker, ranks }))
    .sort((a, b) => a.ranks - b.ranks || (a.choker < b.choker ? -1 : 1));
}

/** Somebody who gives nothing was served before those who give. */
function isUnfair({ checks }: ModelResult): boolean {
  return checks.some(({ name, holds }) => name === FAIRNESS && !holds);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]];
  return ((low ?? Infinity) + (high ?? Infinity)) / 2;
}

/** Of S05. */
export const FAIRNESS = 'free riders done before the honest median';
