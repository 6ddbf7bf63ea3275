import * as Plot from '@observablehq/plot';

import { compareBy } from '../compare.js';
import { drawPlot } from '../drawing.js';
import type { Figure } from '../figure.js';
import { countText, ratioText } from '../number-text.js';
import { palette } from '../palette.js';
import { mainGroup, medianOf, parameters, type ScenarioResults } from '../result-group.js';

/** Every scenario in one line: how far the median peer and the last one are from the bound. */
export function boundOverviewFigure(scenarios: readonly ScenarioResults[]): Figure | undefined {
  const rows = scenarios
    .map((results) => {
      const main = mainGroup(results);
      return {
        name: `${results.scenario}  ${countText(parameters(main).peers)} peers`,
        half: medianOf(main, ({ ratio }) => ratio.p50),
        last: medianOf(main, ({ ratio }) => ratio.max),
      };
    })
    .filter(({ last }) => Number.isFinite(last))
    .sort(compareBy(({ name }) => name));
  const [worst] = [...rows].sort(compareBy(({ last }) => -last));
  if (rows.length < 2 || worst === undefined) return undefined;
  const most = Math.max(...rows.map(({ last }) => last));
  const least = Math.min(1, ...rows.map(({ half }) => half));
  return {
    id: 'overview',
    title: `The last peer is done at ${ratioText(Math.min(...rows.map(({ last }) => last)))} to ${ratioText(worst.last)} the bound, latest in ${worst.name.split(' ')[0] ?? ''}`,
    subtitle: 'Each scenario’s largest swarm with its default settings; medians over the seeds.',
    drawing: drawPlot({
      height: 70 + rows.length * 22,
      marginLeft: 120,
      marginTop: 20,
      x: {
        label: 'completion, in multiples of the lower bound',
        domain: [least - 0.01, most + 0.02],
        ticks: 6,
        tickFormat: ratioText,
        grid: false,
      },
      y: { label: null, type: 'point', domain: rows.map(({ name }) => name) },
      legend: [
        { label: 'median peer', color: HALF, mark: 'dot' },
        { label: 'last peer', color: LAST, mark: 'dot' },
      ],
      marks: [
        Plot.ruleX([1], { stroke: palette.ink, strokeDasharray: '4 3' }),
        Plot.text(['bound'], { x: 1, frameAnchor: 'top', dy: -12, fill: palette.muted }),
        Plot.ruleY(rows, { y: 'name', x1: 'half', x2: 'last', stroke: palette.muted, strokeWidth: 1.5 }),
        Plot.dot(rows, { x: 'half', y: 'name', fill: HALF, r: 4.5 }),
        Plot.dot(rows, { x: 'last', y: 'name', fill: LAST, r: 4.5 }),
      ],
    }),
  };
}

const HALF = palette.main;
const LAST = palette.contrast;
