import * as Plot from '@observablehq/plot';

import type { ModelResult } from '../../model/model-result.js';
import { drawPlot } from '../drawing.js';
import { nameOf, type Figure } from '../figure.js';
import { countText, secondsText } from '../number-text.js';
import { palette } from '../palette.js';
import { faultMarks } from './fault-marks.js';
import { runText } from './run-text.js';

/** How many copies of each piece are among the living peers: of the rarest, and on average. */
export function availabilityFigure(run: ModelResult): Figure | undefined {
  const { at, availabilityMin, availabilityMean, faults } = run.series;
  const end = at.at(-1);
  if (end === undefined) return undefined;
  const most = Math.max(2, ...availabilityMean);
  return {
    id: nameOf(run.scenario, 'availability'),
    title: titleOf(run),
    subtitle: `Copies of a piece among the living peers, seeders included; logarithmic. ${runText(run)}.`,
    drawing: drawPlot({
      x: { label: 'time (s)', domain: [0, end], ticks: 6 },
      // No copy at all has no place on a logarithmic axis: it is drawn at its foot.
      y: {
        label: 'copies',
        type: 'log',
        domain: [LEAST, most * 1.1],
        ticks: copyTicks(most),
        tickFormat: (copies: number) => (copies === LEAST ? '0' : countText(copies)),
      },
      legend: [
        { label: 'mean over all pieces', color: MEAN, mark: 'line' },
        { label: 'rarest piece', color: RAREST, mark: 'line' },
      ],
      marks: [
        Plot.line(points(at, availabilityMean), { x: 'at', y: 'copies', stroke: MEAN, strokeWidth: 2 }),
        Plot.line(points(at, availabilityMin), {
          x: 'at',
          y: 'copies',
          stroke: RAREST,
          strokeWidth: 2,
          curve: 'step-after',
        }),
        ...faultMarks(faults, end),
      ],
    }),
  };
}

function titleOf({ series: { at, availabilityMin } }: ModelResult): string {
  const lostAt = at[availabilityMin.findIndex((copies) => copies < 1)];
  if (lostAt !== undefined) return `The last copy of a piece is gone at ${secondsText(lostAt)}`;
  const secondCopyAt = at[availabilityMin.findLastIndex((copies) => copies < 2) + 1];
  if (secondCopyAt === undefined) return 'The rarest piece never has a second copy';
  return `Every piece has a second copy from ${secondsText(secondCopyAt)} on`;
}

function points(at: readonly number[], copies: readonly number[]): { at: number; copies: number }[] {
  return at.map((time, index) => ({ at: time, copies: Math.max(LEAST, copies[index] ?? 0) }));
}

/** Zero, and powers of ten: fine steps between them say nothing here. */
function copyTicks(most: number): number[] {
  const ticks = [LEAST];
  for (let copies = 1; copies <= most * 1.1; copies *= most > 30 ? 10 : 2) ticks.push(copies);
  return ticks;
}

const LEAST = 0.5;
const MEAN = palette.main;
const RAREST = palette.contrast;
