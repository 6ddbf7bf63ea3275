import * as Plot from '@observablehq/plot';

import type { ModelResult } from '../../model/model-result.js';
import { drawPlot } from '../drawing.js';
import { nameOf, type Figure } from '../figure.js';
import { percentText } from '../number-text.js';
import { palette } from '../palette.js';
import { faultMarks } from './fault-marks.js';
import { runText } from './run-text.js';

/**
 * How busy all honest uplinks are, over time.
 *
 * @param others runs of other seeds, drawn faintly behind
 */
export function uplinkUseFigure(run: ModelResult, others: readonly ModelResult[]): Figure | undefined {
  const { at, uplinkUse, faults } = run.series;
  const end = at.at(-1);
  if (end === undefined) return undefined;
  const latest = Math.max(end, ...others.map(({ series }) => series.at.at(-1) ?? 0));
  return {
    id: nameOf(run.scenario, 'uplink'),
    title: `${percentText(run.uplinkUse)} of the upload capacity is used until the last peer is done`,
    subtitle: `Share of all honest uplinks. ${runText(run)}${others.length === 0 ? '' : '; other seeds in grey'}.`,
    drawing: drawPlot({
      x: { label: 'time (s)', domain: [0, latest], ticks: 6 },
      y: { label: 'uplinks in use (%)', domain: [0, 100], ticks: 5 },
      marks: [
        Plot.ruleY([0], { stroke: palette.muted }),
        ...others.map(({ series }) =>
          Plot.line(points(series.at, series.uplinkUse), {
            x: 'at',
            y: 'percent',
            stroke: palette.muted,
            strokeOpacity: 0.22,
          }),
        ),
        Plot.line(points(at, uplinkUse), { x: 'at', y: 'percent', stroke: palette.main, strokeWidth: 2 }),
        ...faultMarks(faults, latest),
      ],
    }),
  };
}

function points(at: readonly number[], shares: readonly number[]): { at: number; percent: number }[] {
  return at.map((time, index) => ({ at: time, percent: (shares[index] ?? 0) * 100 }));
}
