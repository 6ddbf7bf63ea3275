import * as Plot from '@observablehq/plot';

import { quantile } from '../../run/quantile.js';
import { drawPlot } from '../drawing.js';
import { nameOf, type Figure } from '../figure.js';
import { countText, ratioText, secondsText } from '../number-text.js';
import { orderedColors, palette } from '../palette.js';
import type { ResultGroup } from '../result-collection.js';
import {
  mainGroup,
  medianOf,
  parameters,
  seedCountText,
  settingsText,
  sizesOf,
  type ScenarioResults,
} from '../result-group.js';

/**
 * How many peers have their file by when, in multiples of the bound: one curve for each size of the swarm. Nothing if nobody was
 * to fetch anything.
 */
export function completionFigure(results: ScenarioResults): Figure | undefined {
  const groups = evenly(sizesOf(results), MAX_CURVES);
  const colors = orderedColors(groups.length);
  const curves = groups.map((group, index) => ({ group, color: colors[index] ?? palette.ink, points: curve(group) }));
  const finished = curves.flatMap(({ points }) => points.map(({ ratio }) => ratio));
  const least = Math.min(1, ...finished);
  const most = Math.max(1, ...finished);
  const main = mainGroup(results);
  if (main.runs.every(({ completionSeconds, incomplete }) => completionSeconds.length + incomplete === 0))
    return undefined;
  const { peers, bound, settings } = parameters(main);
  const half = medianOf(main, ({ ratio }) => ratio.p50);
  const last = Math.max(...main.runs.map(({ ratio }) => ratio.max));
  return {
    id: nameOf(results.scenario, 'completion'),
    title: `Half of ${countText(peers)} peers have the file at ${ratioText(half)} the bound, the last at ${ratioText(last)}`,
    subtitle: `Share of peers that are done. ${[settingsText(settings), seedCountText(main)].filter(Boolean).join(', ')}; the bound (${bound.name}) is ${secondsText(bound.seconds)}. Peers that never finish count.`,
    drawing: drawPlot({
      x: {
        label: 'time since the peer’s start, in multiples of the lower bound',
        domain: [least - (most - least) * 0.05, most + (most - least) * 0.05 + 0.001],
        ticks: 6,
        tickFormat: ratioText,
      },
      y: { label: 'peers done (%)', domain: [0, 100], ticks: 5 },
      legend:
        groups.length === 1
          ? []
          : curves.map(({ group, color }) => ({
              label: `${countText(parameters(group).peers)} peers`,
              color,
              mark: 'line',
            })),
      marks: [
        Plot.ruleY([0], { stroke: palette.muted }),
        Plot.ruleX([1], { stroke: palette.ink, strokeDasharray: '4 3' }),
        Plot.text(['bound'], { x: 1, frameAnchor: 'top', dy: -12, fill: palette.muted }),
        ...curves.map(({ points, color }) =>
          Plot.line(points, { x: 'ratio', y: 'percent', stroke: color, strokeWidth: 2, curve: 'step-after' }),
        ),
      ],
    }),
  };
}

interface CurvePoint {
  readonly ratio: number;
  readonly percent: number;
}

/** All peers of all seeds together, at most so many points as a screen can show. */
function curve({ runs }: ResultGroup): CurvePoint[] {
  const ratios = runs.flatMap(({ completionSeconds, bound }) => completionSeconds.map((at) => at / bound.seconds));
  const unfinished = runs.reduce((sum, { incomplete }) => sum + incomplete, 0);
  const doneShare = ratios.length / (ratios.length + unfinished);
  const steps = Math.min(ratios.length, MAX_POINTS);
  const sorted = ratios.sort((a, b) => a - b);
  const points = Array.from({ length: steps }, (_, step) => {
    const share = (step + 1) / steps;
    return { ratio: quantile(sorted, share) ?? Infinity, percent: share * doneShare * 100 };
  });
  const [first] = points;
  return first === undefined ? [] : [{ ratio: first.ratio, percent: 0 }, ...points];
}

/** At most `limit` of them, the first and the last among these. */
function evenly<T>(items: readonly T[], limit: number): T[] {
  if (items.length <= limit) return [...items];
  return items.filter(
    (_, index) =>
      Math.floor((index * (limit - 1)) / (items.length - 1)) !==
      Math.floor(((index - 1) * (limit - 1)) / (items.length - 1)),
  );
}

const MAX_CURVES = 7;
const MAX_POINTS = 250;
