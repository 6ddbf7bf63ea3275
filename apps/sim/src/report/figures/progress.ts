import * as Plot from '@observablehq/plot';

import type { ModelResult } from '../../model/model-result.js';
import { drawPlot } from '../drawing.js';
import { nameOf, type Figure } from '../figure.js';
import { countText, secondsText } from '../number-text.js';
import { palette } from '../palette.js';
import { faultMarks } from './fault-marks.js';
import { runText } from './run-text.js';

/** How the file grows at each peer: a row for each, darker the more of it is there. Nothing if the run has no samples. */
export function progressFigure(run: ModelResult): Figure | undefined {
  const { at, progress, faults } = run.series;
  const end = at.at(-1);
  if (end === undefined || run.completionSeconds.length + run.incomplete === 0) return undefined;
  const stretches = progress.flatMap((row, peer) => stretchesOf(row, at).map((stretch) => ({ peer, ...stretch })));
  return {
    id: nameOf(run.scenario, 'progress'),
    title: titleOf(run),
    subtitle: `${runText(run)}. A row for each peer, the first to arrive on top; each shade is another tenth of the file.`,
    drawing: drawPlot({
      height: 320,
      x: { label: 'time (s)', domain: [0, end], ticks: 6 },
      y: {
        label: 'peer, by arrival',
        domain: [0, progress.length],
        reverse: true,
        ticks: 5,
        tickFormat: (peer: number) => String(peer),
      },
      legend: SHOWN_LEVELS.map((level) => ({ label: levelText(level), color: heat(level), mark: 'band' })),
      marks: [
        Plot.rect(stretches, {
          x1: 'from',
          x2: ({ to }: { to: number }) => Math.min(end, to + end / 500),
          y1: 'peer',
          // They overlap a little, or the page's background would shine through between some of them.
          y2: ({ peer }: { peer: number }) => Math.min(progress.length, peer + 1.2),
          fill: ({ level }: { level: number }) => heat(level),
          inset: 0,
          shapeRendering: 'crispEdges',
        }),
        ...faultMarks(faults, end),
      ],
    }),
  };
}

function titleOf({ peers, series: { progress }, completionSeconds }: ModelResult): string {
  const who = progress.length === peers ? 'every peer' : `${countText(progress.length)} of ${countText(peers)} peers`;
  const last = completionSeconds.at(-1);
  return `How the file grows at ${who}, ${last === undefined ? 'and is never whole' : `to the last at ${secondsText(last)}`}`;
}

interface Stretch {
  readonly from: number;
  readonly to: number;
  /** Full tenths of the file. */
  readonly level: number;
}

/** Times at which a peer stayed within one tenth; many samples become few rectangles. */
function stretchesOf(row: readonly number[], at: readonly number[]): Stretch[] {
  const stretches: { from: number; to: number; level: number }[] = [];
  let from = 0;
  row.forEach((share, index) => {
    const to = at[index] ?? from;
    const level = Math.floor(Math.min(1, Math.max(0, share)) * 10 + 1e-9);
    const last = stretches.at(-1);
    if (last?.level === level) last.to = to;
    else stretches.push({ from, to, level });
    from = to;
  });
  return stretches;
}

function heat(level: number): string {
  return palette.heat[level] ?? palette.ink;
}

function levelText(level: number): string {
  return level === 10 ? 'complete' : `${level * 10} %`;
}

const SHOWN_LEVELS = [0, 2, 4, 6, 8, 10];
