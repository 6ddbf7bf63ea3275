import * as Plot from '@observablehq/plot';

import type { ModelSeries } from '../../model/model-result.js';
import { compareBy } from '../compare.js';
import { palette } from '../palette.js';

/** A line at each fault, with its name as long as there is room for it; faults at nearly one time share a line. */
export function faultMarks(faults: ModelSeries['faults'], end: number, { isNamed = true } = {}): Plot.Markish[] {
  const marks = merge(
    faults.filter(({ at }) => at <= end),
    end / MAX_MARKS,
  );
  const lines = Plot.ruleX(marks, { x: 'at', stroke: palette.bad, strokeDasharray: '2 3' });
  if (!isNamed || marks.length > MAX_NAMES) return [lines];
  const names = Plot.text(marks, { x: 'at', text: 'label', frameAnchor: 'top', dy: -12, fill: palette.bad });
  return [lines, names];
}

interface FaultMark {
  readonly at: number;
  readonly label: string;
}

function merge(faults: ModelSeries['faults'], apart: number): FaultMark[] {
  const marks: { at: number; labels: Map<string, number> }[] = [];
  for (const { at, label } of [...faults].sort(
    compareBy(
      (fault) => fault.at,
      (fault) => fault.label,
    ),
  )) {
    const last = marks.at(-1);
    if (last !== undefined && at - last.at < apart) last.labels.set(label, (last.labels.get(label) ?? 0) + 1);
    else marks.push({ at, labels: new Map([[label, 1]]) });
  }
  return marks.map(({ at, labels }) => ({
    at,
    label: [...labels].map(([label, count]) => (count === 1 ? label : `${label} (${count})`)).join(', '),
  }));
}

const MAX_MARKS = 60;
/** More would run into each other. */
const MAX_NAMES = 4;
