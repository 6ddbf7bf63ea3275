import * as Plot from '@observablehq/plot';

import { formatCount } from '@p2p/cli';
import { compareBy } from '../compare.js';
import type { Calibration } from '../calibration.js';
import { drawPlot } from '../drawing.js';
import type { Figure } from '../figure.js';
import { countText, percentText, ratioText } from '../number-text.js';
import { orderedColors, palette } from '../palette.js';

/** Simulated against real completion times: on the diagonal the simulator is right. */
export function calibrationFigure(calibrations: readonly Calibration[], unmatchedCount: number): Figure | undefined {
  if (calibrations.length === 0) return undefined;
  const sizes = [...new Set(calibrations.map(({ peers }) => peers))].sort((a, b) => a - b);
  const colors = orderedColors(sizes.length);
  const points = [...calibrations]
    .sort(compareBy(({ peers }) => peers))
    .flatMap(({ peers, points: own }) =>
      own.map((point) => ({ ...point, color: colors[sizes.indexOf(peers)] ?? palette.ink })),
    );
  const all = points.flatMap(({ real, simulated }) => [real, simulated]);
  const [least, most] = [Math.min(...all) * 0.95, Math.max(...all) * 1.05];
  const errors = points.map(({ real, simulated }) => Math.abs(simulated / real - 1));
  const corners = [{ at: least }, { at: most }];
  const left =
    unmatchedCount === 0
      ? ''
      : ` Left out, for want of a simulation of the same swarm: ${formatCount(unmatchedCount, 'real run')}.`;
  return {
    id: 'simulated-against-real',
    title: `Simulated completions are within ${percentText(Math.max(...errors))} of those of real processes`,
    subtitle: `Peers in order of completion, in multiples of the fluid bound; rings are the last ones. Shaded: ±15 %.${left}`,
    drawing: drawPlot({
      height: 420,
      x: { label: 'real processes on this machine', domain: [least, most], ticks: 5, tickFormat: ratioText },
      y: { label: 'simulated', domain: [least, most], ticks: 5, tickFormat: ratioText },
      legend: sizes.map((peers, index) => ({
        label: `${countText(peers)} peers`,
        color: colors[index] ?? palette.ink,
        mark: 'dot',
      })),
      marks: [
        Plot.areaY(band(least, most), { x: 'at', y1: 'low', y2: 'high', fill: palette.grid, fillOpacity: 0.6 }),
        Plot.line(corners, { x: 'at', y: 'at', stroke: palette.muted }),
        Plot.dot(points, { x: 'real', y: 'simulated', fill: 'color', r: 2.5, fillOpacity: 0.8 }),
        Plot.dot(
          points.filter(({ isLast }) => isLast),
          { x: 'real', y: 'simulated', stroke: 'color', r: 6, strokeWidth: 1.5 },
        ),
      ],
      color: { type: 'identity' },
    }),
  };
}

/** 15 % to both sides of the diagonal, no further than the axes. (Plot's own clipping numbers its clips through all pictures.) */
function band(least: number, most: number): { at: number; low: number; high: number }[] {
  return Array.from({ length: BAND_STEPS + 1 }, (_, step) => {
    const at = least + ((most - least) * step) / BAND_STEPS;
    return { at, low: Math.max(least, at * 0.85), high: Math.min(most, at * 1.15) };
  });
}

const BAND_STEPS = 50;
