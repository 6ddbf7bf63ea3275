import { compareBy } from './compare.js';
import type { ResultGroup } from './result-collection.js';
import { parameters, type ScenarioResults } from './result-group.js';

/** Runs of one scenario and size that differ in one setting, and perhaps in others too. */
export interface SettingComparison {
  readonly scenario: string;
  readonly setting: string;
  readonly kind: 'number' | 'choice';
  readonly peers: number;
  readonly groups: readonly ResultGroup[];
}

/** Every setting that differs among a scenario's runs, each in the size of swarm that has most of its values. */
export function settingComparisons({ scenario, groups }: ScenarioResults): SettingComparison[] {
  const settings = new Set(groups.flatMap((group) => Object.keys(parameters(group).settings)));
  return [...settings].sort().flatMap((setting) => {
    const [best] = bySize(groups)
      .map((own) => ({ own, values: valuesOf(own, setting) }))
      .sort(
        compareBy(
          ({ values }) => -values.size,
          ({ own: [first] }) => (first === undefined ? 0 : -parameters(first).peers),
        ),
      );
    const [first] = best?.own ?? [];
    if (best === undefined || first === undefined || best.values.size < 2) return [];
    const isNumber = [...best.values].every((value) => value === undefined || typeof value === 'number');
    return [
      { scenario, setting, kind: isNumber ? 'number' : 'choice', peers: parameters(first).peers, groups: best.own },
    ];
  });
}

function bySize(groups: readonly ResultGroup[]): ResultGroup[][] {
  const sizes = new Map<string, ResultGroup[]>();
  for (const group of groups) {
    const { peers, pieces, pieceBytes, linkModel, payload } = parameters(group);
    const key = JSON.stringify([peers, pieces, pieceBytes, linkModel, payload]);
    sizes.set(key, [...(sizes.get(key) ?? []), group]);
  }
  return [...sizes.values()];
}

function valuesOf(groups: readonly ResultGroup[], setting: string): Set<string | number | boolean | undefined> {
  return new Set(groups.map((group) => parameters(group).settings[setting]));
}
