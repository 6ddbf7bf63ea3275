import * as Plot from '@observablehq/plot';

import type { ModelResult, OverlaySample } from '../../model/model-result.js';
import { drawPlot, stackDrawings, type Drawing } from '../drawing.js';
import { nameOf, type Figure } from '../figure.js';
import { countText, percentText, shortNumber } from '../number-text.js';
import { palette } from '../palette.js';
import { faultMarks } from './fault-marks.js';
import { runText } from './run-text.js';

/** The graph of open sessions over time: four small pictures above each other, with one axis of time. */
export function overlayFigure(run: ModelResult): Figure | undefined {
  const { overlay, faults, at } = run.series;
  const last = overlay.at(-1);
  if (last === undefined) return undefined;
  const end = Math.max(last.at, at.at(-1) ?? 0);
  const faultText =
    faults.length === 0
      ? ''
      : ` ${faults.length === 1 ? 'The broken line is a fault' : `Broken lines are the ${countText(faults.length)} faults`}.`;
  return {
    id: nameOf(run.scenario, 'overlay'),
    title: titleOf(overlay),
    subtitle: `Graph of open sessions between living peers. ${runText(run)}.${faultText} At the end: mean degree ${shortNumber(last.meanDegree)}, clustering ${shortNumber(last.clustering)}.`,
    drawing: stackDrawings(
      PANELS.map((panel, index) =>
        drawPanel(panel, overlay, {
          end,
          isLast: index === PANELS.length - 1,
          faults: faultMarks(faults, end, { isNamed: index === 0 }),
        }),
      ),
    ),
  };
}

function titleOf(overlay: readonly OverlaySample[]): string {
  const diameter = Math.max(...overlay.map((sample) => sample.diameter));
  const share = Math.min(...overlay.map(({ largestShare }) => largestShare));
  const whole =
    share === 1 ? 'stays in one component' : `falls apart to ${percentText(share)} in the largest component`;
  return `The overlay ${whole}, with a diameter of at most ${diameter} hops`;
}

interface Panel {
  readonly label: string;
  readonly value: (sample: OverlaySample) => number;
  /** Where the axis has its marks, up to the least top: noise must not look like a change. */
  readonly ticks: readonly number[];
}

function drawPanel(
  { label, value, ticks }: Panel,
  overlay: readonly OverlaySample[],
  { end, isLast, faults }: { end: number; isLast: boolean; faults: Plot.Markish[] },
): Drawing {
  const values = overlay.map((sample) => ({ at: sample.at, value: value(sample) }));
  const shown = scaledUp(ticks, Math.max(...values.map((point) => point.value)));
  return drawPlot({
    height: isLast ? 132 : 104,
    marginBottom: isLast ? 44 : 16,
    marginTop: 30,
    x: { label: isLast ? 'time (s)' : null, domain: [0, end], ticks: isLast ? 6 : [] },
    y: { label, domain: [0, shown.at(-1) ?? 1], ticks: shown, tickFormat: shortNumber },
    marks: [
      Plot.ruleY([0], { stroke: palette.muted }),
      Plot.line(values, { x: 'at', y: 'value', stroke: palette.main, strokeWidth: 2, curve: 'step-after' }),
      ...faults,
    ],
  });
}

/** Doubles the marks until they reach as far as the values. */
function scaledUp(ticks: readonly number[], most: number): number[] {
  let factor = 1;
  while (factor * (ticks.at(-1) ?? most) < most) factor *= 2;
  return ticks.map((tick) => tick * factor);
}

const PANELS: readonly Panel[] = [
  { label: 'diameter (hops)', value: ({ diameter }) => diameter, ticks: [0, 2, 4] },
  { label: 'clustering', value: ({ clustering }) => clustering, ticks: [0, 0.1, 0.2] },
  { label: 'components', value: ({ components }) => components, ticks: [0, 1, 2] },
  { label: 'peers in the largest component (%)', value: ({ largestShare }) => largestShare * 100, ticks: [0, 50, 100] },
];
