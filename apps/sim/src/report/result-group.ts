import type { ModelResult } from '../model/model-result.js';
import { quantile } from '../run/quantile.js';
import { compareBy } from './compare.js';
import { countText } from './number-text.js';
import type { ResultGroup, RunSummary } from './result-collection.js';

/** All groups of one scenario: its sizes, and its settings. */
export interface ScenarioResults {
  readonly scenario: string;
  /** By peers, then by settings. At least one. */
  readonly groups: readonly ResultGroup[];
}

export function byScenario(groups: readonly ResultGroup[]): ScenarioResults[] {
  const scenarios = new Map<string, ResultGroup[]>();
  for (const group of groups) {
    const { scenario } = parameters(group);
    scenarios.set(scenario, [...(scenarios.get(scenario) ?? []), group]);
  }
  return [...scenarios].map(([scenario, own]) => ({ scenario, groups: own }));
}

/** What all runs of a group have in common. */
export function parameters({ runs: [first] }: ResultGroup): RunSummary {
  if (first === undefined) throw new Error('a group has at least one run: it is made by adding one');
  return first;
}

/** The median over the seeds; infinite if too many never came to it. */
export function medianOf(group: ResultGroup, value: (run: RunSummary) => number): number {
  return quantile(group.runs.map(value), 0.5) ?? Infinity;
}

/** The run that a picture of one run shows: the middle one by its slowest peer, of those with a series. */
export function typicalRun({ detailed }: ResultGroup): ModelResult | undefined {
  const sorted = [...detailed].sort(
    compareBy(
      ({ ratio }) => ratio.max,
      ({ seed }) => seed,
    ),
  );
  return sorted[Math.ceil(sorted.length / 2) - 1];
}

/** The group that speaks for a scenario: with its defaults if there is one, and the most peers. */
export function mainGroup({ groups }: ScenarioResults): ResultGroup {
  const [main] = [...groups].sort(
    compareBy(
      (group) => Object.keys(parameters(group).settings).length,
      (group) => -parameters(group).peers,
    ),
  );
  if (main === undefined) throw new Error('a scenario has at least one group: it is found through one');
  return main;
}

/** Groups with the settings of the main one: they differ in their size only. */
export function sizesOf(results: ScenarioResults): ResultGroup[] {
  const wanted = settingsKey(parameters(mainGroup(results)));
  const bySize = new Map<number, ResultGroup>();
  for (const group of results.groups) {
    const { peers } = parameters(group);
    if (settingsKey(parameters(group)) === wanted && !bySize.has(peers)) bySize.set(peers, group);
  }
  return [...bySize.values()];
}

/** `1,000 peers`, and the settings if there are any: `1,000 peers, degree 16`. */
export function groupLabel(group: ResultGroup): string {
  const { peers, settings } = parameters(group);
  return [`${countText(peers)} peers`, settingsText(settings)].filter((part) => part !== '').join(', ');
}

/** `degree 16, choker rarest`; nothing for the defaults. */
export function settingsText(settings: RunSummary['settings']): string {
  return Object.entries(settings)
    .sort(compareBy(([name]) => name))
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}

/** `1 seed`, `20 seeds`. */
export function seedCountText({ runs }: ResultGroup): string {
  return runs.length === 1 ? `seed ${runs[0]?.seed ?? ''}` : `${countText(runs.length)} seeds`;
}

/** What the runs were made of beside peers and settings: links, payload and pieces change the bound. */
function settingsKey({ settings, linkModel, payload, pieces, pieceBytes }: RunSummary): string {
  return JSON.stringify([settingsText(settings), linkModel, payload, pieces, pieceBytes]);
}
