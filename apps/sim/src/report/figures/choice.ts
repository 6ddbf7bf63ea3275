import * as Plot from '@observablehq/plot';

import { quantile } from '../../run/quantile.js';
import { compareBy } from '../compare.js';
import { drawPlot } from '../drawing.js';
import { nameOf, type Figure } from '../figure.js';
import { ratioText, shortNumber } from '../number-text.js';
import { palette } from '../palette.js';
import type { ResultGroup } from '../result-collection.js';
import { medianOf, parameters, settingsText } from '../result-group.js';
import type { SettingComparison } from '../setting-comparison.js';

/** What a choice changes (a choker, a picker): the spread of all peers' completions, a box for each choice. */
export function choiceFigure({ scenario, setting, groups, peers }: SettingComparison): Figure | undefined {
  const { others, boxes } = comparableBoxes(setting, groups);
  const [best] = boxes;
  const worst = boxes.at(-1);
  if (best === undefined || worst === undefined || boxes.length < 2) return undefined;
  const extremes = boxes.flatMap(({ low, last }) => [low, last]).filter(Number.isFinite);
  const most = Math.max(1, ...extremes);
  const least = Math.min(1, ...extremes);
  const place = { y: 'choice' } as const;
  return {
    id: nameOf(scenario, 'by', setting),
    title: `By ${setting}: ${best.choice} is done first, at ${ratioText(best.last)} the bound, ${worst.choice} last, at ${ratioText(worst.last)}`,
    subtitle: `${scenario}, ${shortNumber(peers)} peers${others === '' ? '' : `, ${others}`}; all peers of all seeds${groups.some(isUnfinished) ? ' that finished' : ''}. Box: the middle half; line: 5 % to 95 %; dot: the last peer (median over seeds).`,
    drawing: drawPlot({
      height: 84 + boxes.length * 34,
      marginLeft: Math.min(180, 20 + Math.max(...boxes.map(({ choice }) => choice.length)) * 7),
      marginTop: 20,
      x: {
        label: 'completion, in multiples of the lower bound',
        domain: [least - 0.01, most + (most - least) * 0.03],
        ticks: 6,
        tickFormat: ratioText,
      },
      y: { label: null, type: 'band', padding: 0.45, domain: boxes.map(({ choice }) => choice) },
      marks: [
        Plot.ruleX([1], { stroke: palette.ink, strokeDasharray: '4 3' }),
        Plot.text(['bound'], { x: 1, frameAnchor: 'top', dy: -12, fill: palette.muted }),
        Plot.ruleY(boxes, { ...place, x1: 'low', x2: 'high', stroke: palette.muted, strokeWidth: 1.5 }),
        Plot.barX(boxes, { ...place, x1: 'lower', x2: 'upper', fill: BOX }),
        Plot.tickX(boxes, { ...place, x: 'half', stroke: palette.paper, strokeWidth: 2.5 }),
        Plot.dot(
          boxes.filter(({ last }) => Number.isFinite(last)),
          { ...place, x: 'last', fill: LAST, r: 4 },
        ),
      ],
    }),
  };
}

/** Whoever never finished has no place in a box. */
function isUnfinished({ runs }: ResultGroup): boolean {
  return runs.some(({ incomplete }) => incomplete > 0);
}

interface Box {
  readonly choice: string;
  readonly low: number;
  readonly lower: number;
  readonly half: number;
  readonly upper: number;
  readonly high: number;
  readonly last: number;
}

/** Choices are compared with all else equal: in that combination of the other settings that has most choices. */
function comparableBoxes(setting: string, groups: readonly ResultGroup[]): { others: string; boxes: Box[] } {
  const byOthers = new Map<string, ResultGroup[]>();
  for (const group of groups) {
    const { [setting]: _, ...others } = parameters(group).settings;
    const key = settingsText(others);
    byOthers.set(key, [...(byOthers.get(key) ?? []), group]);
  }
  const [[others, own] = ['', []]] = [...byOthers].sort(
    compareBy(
      ([, list]) => -list.length,
      ([key]) => key,
    ),
  );
  const boxes = own.map((group) => boxOf(String(parameters(group).settings[setting] ?? 'default'), group));
  return {
    others,
    boxes: boxes.sort(
      compareBy(
        ({ last }) => last,
        ({ choice }) => choice,
      ),
    ),
  };
}

function boxOf(choice: string, group: ResultGroup): Box {
  const ratios = group.runs.flatMap(({ completionSeconds, bound }) =>
    completionSeconds.map((at) => at / bound.seconds),
  );
  const at = (share: number): number => quantile(ratios, share) ?? Infinity;
  const last = medianOf(group, ({ ratio }) => ratio.max);
  return { choice, low: at(0.05), lower: at(0.25), half: at(0.5), upper: at(0.75), high: at(0.95), last };
}

const BOX = palette.main;
const LAST = palette.contrast;
