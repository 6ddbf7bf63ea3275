import { formatBytes } from '@p2p/cli';
import * as Plot from '@observablehq/plot';

import { compareBy } from '../compare.js';
import { drawPlot } from '../drawing.js';
import type { Figure } from '../figure.js';
import { countText, ratioRangeText, ratioText } from '../number-text.js';
import { palette } from '../palette.js';
import type { ResultGroup, RunSummary } from '../result-collection.js';
import { medianOf, parameters, settingsText } from '../result-group.js';

/** How the swarm's size changes its distance from the bound: a curve for each scenario and its settings, as of a degree. */
export function ratioByPeersFigure(groups: readonly ResultGroup[]): Figure | undefined {
  const curves = curvesOf(groups);
  const points = curves.flatMap(({ points: own }) => own);
  if (points.length === 0) return undefined;
  const sizes = [...new Set(points.map(({ peers }) => peers))].sort((a, b) => a - b);
  const extremes = points.flatMap(({ least, most }) => [least, most]);
  return {
    id: 'ratio-by-peers',
    title: `From ${countText(sizes[0] ?? 0)} to ${countText(sizes.at(-1) ?? 0)} peers, the last is done at ${ratioRangeText(points.map(({ middle }) => middle))} the bound`,
    subtitle: 'The last completion over the lower bound: median over the seeds, and from the best to the worst seed.',
    drawing: drawPlot({
      x: {
        label: 'peers (logarithmic)',
        type: 'log',
        domain: [(sizes[0] ?? 1) / 1.15, (sizes.at(-1) ?? 1) * 1.15],
        ticks: sizes,
        tickFormat: countText,
      },
      y: {
        label: 'last completion / bound',
        domain: [Math.min(1, ...extremes), Math.max(1.02, ...extremes)],
        nice: true,
        ticks: 6,
        tickFormat: ratioText,
      },
      legend: curves.length === 1 ? [] : curves.map(({ name, color }) => ({ label: name, color, mark: 'line' })),
      marks: [
        Plot.ruleY([1], { stroke: palette.ink, strokeDasharray: '4 3' }),
        Plot.text(['bound'], { y: 1, frameAnchor: 'right', dy: -7, fill: palette.muted }),
        ...curves.flatMap(({ points: own, color }) => [
          Plot.ruleX(own, { x: 'peers', y1: 'least', y2: 'most', stroke: color, strokeOpacity: 0.5 }),
          Plot.line(own, { x: 'peers', y: 'middle', stroke: color, strokeWidth: 2 }),
          Plot.dot(own, { x: 'peers', y: 'middle', fill: color, r: 3.5 }),
        ]),
      ],
    }),
  };
}

interface CurvePoint {
  readonly peers: number;
  readonly middle: number;
  readonly least: number;
  readonly most: number;
}

/** Those scenarios and settings of which there are several sizes; the ones with most sizes if there are too many. */
function curvesOf(groups: readonly ResultGroup[]): { name: string; color: string; points: CurvePoint[] }[] {
  const bySettings = new Map<string, CurvePoint[]>();
  const hasOneContent = new Set(groups.map((group) => contentText(parameters(group)))).size === 1;
  for (const group of groups) {
    const { scenario, settings, peers, linkModel } = parameters(group);
    const name = [
      scenario,
      linkModel === 'chunk' ? '' : linkModel,
      settingsText(settings),
      hasOneContent ? '' : contentText(parameters(group)),
    ]
      .filter(Boolean)
      .join(' ');
    const ratios = group.runs.map(({ ratio }) => ratio.max).filter(Number.isFinite);
    const middle = medianOf(group, ({ ratio }) => ratio.max);
    const point = { peers, middle, least: Math.min(...ratios), most: Math.max(...ratios) };
    if (Number.isFinite(middle)) bySettings.set(name, [...(bySettings.get(name) ?? []), point]);
  }
  return [...bySettings]
    .filter(([, points]) => new Set(points.map(({ peers }) => peers)).size > 1)
    .sort(
      compareBy(
        ([, points]) => -points.length,
        ([name]) => name,
      ),
    )
    .slice(0, palette.categories.length)
    .map(([name, points], index) => ({
      name,
      color: palette.categories[index] ?? palette.ink,
      points: points.sort(compareBy(({ peers }) => peers)),
    }));
}

/** Swarms that share other contents are on other curves: at one size there would be two points on one. */
function contentText({ pieces, pieceBytes }: RunSummary): string {
  return `${countText(pieces)} × ${formatBytes(pieceBytes)}`;
}
