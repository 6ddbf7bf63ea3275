import * as Plot from '@observablehq/plot';

import { compareBy } from '../compare.js';
import { drawPlot, stackDrawings, type Drawing } from '../drawing.js';
import { nameOf, type Figure } from '../figure.js';
import { percentText, ratioText, shortNumber } from '../number-text.js';
import { palette } from '../palette.js';
import type { ResultGroup, RunSummary } from '../result-collection.js';
import { medianOf, parameters, settingsText } from '../result-group.js';
import type { SettingComparison } from '../setting-comparison.js';

/** What a number changes (a share of free riders, a latency): completion, use of the uplinks, copies that the seeder sends. */
export function settingFigure({ scenario, setting, groups, peers }: SettingComparison): Figure | undefined {
  const curves = curvesOf(setting, groups);
  const points = curves.flatMap(({ points: own }) => own);
  const values = [...new Set(points.map(({ value }) => value))].sort((a, b) => a - b);
  const finite = points.filter(({ last }) => Number.isFinite(last));
  if (values.length < 2 || finite.length === 0) return undefined;
  const [first, final] = [
    finite.find(({ value }) => value === values[0]),
    finite.find(({ value }) => value === values.at(-1)),
  ];
  const change =
    first === undefined || final === undefined
      ? 'not every value lets the last peer finish'
      : `the last peer is done at ${ratioText(first.last)} and ${ratioText(final.last)} the bound`;
  return {
    id: nameOf(scenario, 'by', setting),
    title: `${setting} from ${shortNumber(values[0] ?? 0)} to ${shortNumber(values.at(-1) ?? 0)}: ${change}`,
    subtitle: `${scenario}, ${shortNumber(peers)} peers; medians over the seeds.`,
    drawing: stackDrawings(
      PANELS.map((panel, index) =>
        drawPanel(panel, curves, { label: setting, values, isFirst: index === 0, isLast: index === PANELS.length - 1 }),
      ),
    ),
  };
}

interface SettingPoint {
  readonly value: number;
  readonly half: number;
  readonly last: number;
  readonly uplinkUse: number;
  readonly seederCopies: number;
}

interface Curve {
  readonly name: string;
  readonly color: string;
  readonly points: readonly SettingPoint[];
}

interface Panel {
  readonly label: string;
  readonly value: (point: SettingPoint) => number;
  readonly text: (value: number) => string;
  readonly from: (values: readonly number[]) => number;
}

/** One for each combination of the other settings. */
function curvesOf(setting: string, groups: readonly ResultGroup[]): Curve[] {
  const byOthers = new Map<string, SettingPoint[]>();
  for (const group of groups) {
    const { [setting]: value, ...others } = parameters(group).settings;
    // Left out, it has its default, which a result does not tell.
    if (typeof value !== 'number') continue;
    const middle = (measure: (run: RunSummary) => number): number => medianOf(group, measure);
    const point = {
      value,
      half: middle(({ ratio }) => ratio.p50),
      last: middle(({ ratio }) => ratio.max),
      uplinkUse: middle(({ uplinkUse }) => uplinkUse),
      seederCopies: middle(({ seederCopies }) => seederCopies),
    };
    const name = settingsText(others);
    byOthers.set(name, [...(byOthers.get(name) ?? []), point]);
  }
  return [...byOthers]
    .sort(compareBy(([name]) => name))
    .slice(0, palette.categories.length)
    .map(([name, points], index) => ({
      name,
      color: palette.categories[index] ?? palette.ink,
      points: points.sort(compareBy(({ value }) => value)),
    }));
}

function drawPanel(
  { label, value, text, from }: Panel,
  curves: readonly Curve[],
  at: { label: string; values: readonly number[]; isFirst: boolean; isLast: boolean },
): Drawing {
  const all = curves.flatMap(({ points }) => points.map(value)).filter(Number.isFinite);
  const least = from(all);
  return drawPlot({
    height: at.isFirst ? 200 : at.isLast ? 138 : 110,
    marginBottom: at.isLast ? 44 : 16,
    x: {
      label: at.isLast ? at.label : null,
      ticks: at.isLast ? [...at.values] : [],
      tickFormat: shortNumber,
      domain: padded(at.values),
    },
    y: {
      label,
      domain: [least, Math.max(least + 0.02, ...all)],
      nice: true,
      ticks: at.isFirst ? 5 : 3,
      tickFormat: text,
    },
    legend:
      at.isFirst && curves.length > 1
        ? curves.map(({ name, color }) => ({ label: name === '' ? 'defaults' : name, color, mark: 'line' }))
        : [],
    marks: curves.flatMap(({ points, color }) => [
      Plot.line(points, { x: 'value', y: value, stroke: color, strokeWidth: 2 }),
      Plot.dot(points, { x: 'value', y: value, fill: color, r: 3.5 }),
    ]),
  });
}

function padded(values: readonly number[]): [number, number] {
  const [first = 0, last = 1] = [values[0], values.at(-1)];
  return [first - (last - first) * 0.03, last + (last - first) * 0.03];
}

const PANELS: readonly Panel[] = [
  {
    label: 'last completion / bound',
    value: ({ last }) => last,
    text: ratioText,
    from: (values) => Math.min(1, ...values),
  },
  { label: 'uplinks in use', value: ({ uplinkUse }) => uplinkUse, text: percentText, from: () => 0 },
  { label: 'copies sent by the seeder', value: ({ seederCopies }) => seederCopies, text: shortNumber, from: () => 0 },
];
