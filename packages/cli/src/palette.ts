import { styleText } from 'node:util';

/** Colours by meaning, so that every view means the same by them. */
export interface Palette {
  readonly good: Paint;
  readonly bad: Paint;
  readonly warning: Paint;
  readonly faint: Paint;
  readonly strong: Paint;
}

/** Text as it is to be written. */
export type Paint = (text: string) => string;

/** The colours, or the text as it is. Whether colour is wanted was decided before: see `wantsColor`. */
export function palette(isColored: boolean): Palette {
  return isColored ? COLORED : PLAIN;
}

// Without the options, newer Nodes would look at process.stdout instead of the stream we write to.
const style =
  (format: Parameters<typeof styleText>[0]): Paint =>
  (text) =>
    styleText(format, text, { validateStream: false });
const asItIs: Paint = (text) => text;

const COLORED: Palette = {
  good: style('green'),
  bad: style('red'),
  warning: style('yellow'),
  faint: style('dim'),
  strong: style('bold'),
};

const PLAIN: Palette = { good: asItIs, bad: asItIs, warning: asItIs, faint: asItIs, strong: asItIs };
