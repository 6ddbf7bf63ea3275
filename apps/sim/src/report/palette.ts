/**
 * All colours of the report, as CSS variables, so that one picture serves light and dark pages. Categories are those of Okabe
 * and Ito, and ordered series run through viridis, both made for eyes that see fewer colours; each set is darkened or lightened
 * until it stands out from its background.
 *
 * @see https://jfly.uni-koeln.de/color/
 */
export const palette = {
  ink: 'var(--ink)',
  muted: 'var(--muted)',
  grid: 'var(--grid)',
  paper: 'var(--paper)',
  good: 'var(--good)',
  bad: 'var(--bad)',
  /** For one thing, and for the one it is compared with: the first two categories. */
  main: 'var(--c0)',
  contrast: 'var(--c1)',
  /** For things without an order. */
  categories: variables('c', 7),
  /** From small to large. */
  ordered: variables('s', 7),
  /** From nothing to everything, for areas. */
  heat: variables('h', 11),
} as const;

/** As many ordered colours as asked for, spread over the whole range. */
export function orderedColors(count: number): string[] {
  const last = palette.ordered.length - 1;
  return Array.from({ length: count }, (_, index) => {
    const position = count === 1 ? 0 : Math.round((index * last) / (count - 1));
    return palette.ordered[position] ?? palette.ink;
  });
}

/** What defines the variables, for a page or a picture of its own. */
export function paletteCss(selector: string): string {
  return `${selector}{color-scheme:light dark;${declarations(LIGHT)}}
@media (prefers-color-scheme:dark){${selector}{${declarations(DARK)}}}`;
}

interface Colors {
  readonly ink: string;
  readonly muted: string;
  readonly grid: string;
  readonly paper: string;
  readonly good: string;
  readonly bad: string;
  readonly c: string;
  readonly s: string;
  readonly h: string;
}

function variables(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `var(--${prefix}${index})`);
}

function declarations({ c, s, h, ...single }: Colors): string {
  const lists = Object.entries({ c, s, h }).flatMap(([prefix, colors]) =>
    colors.split(' ').map((color, index) => [`${prefix}${index}`, color]),
  );
  return [...Object.entries(single), ...lists].map(([name, color]) => `--${name}:${color}`).join(';');
}

const LIGHT: Colors = {
  ink: '#1d232b',
  muted: '#5c6670',
  grid: '#e4e7ea',
  paper: '#fdfdfc',
  good: '#00745c',
  bad: '#b3410e',
  c: '#0072b2 #d55e00 #00886b #b24e8e #8a6d00 #3a9bd9 #5c6670',
  s: '#440154 #472f7d #38588c #297a8e #1e9b8a #3bab65 #7aa818',
  h: '#eef3f9 #dfeaf5 #cbdff0 #b2d0e6 #92c1df #6eacd3 #4f98c9 #3380bc #1d68ab #0d5196 #083a75',
};

const DARK: Colors = {
  ink: '#e6e9ec',
  muted: '#9aa5b1',
  grid: '#2b333c',
  paper: '#14181d',
  good: '#4fd0ad',
  bad: '#ff9a66',
  c: '#5db7f0 #ff8a4c #35c9a0 #ee93c4 #e3b93c #a9d4f5 #9aa5b1',
  s: '#6f8fd0 #4b93b8 #2fa3a0 #2fb47c #67cc5c #b2dd2d #fde725',
  h: '#1b2430 #1d2f42 #1f3b56 #22486b #265681 #2c6597 #3777ac #4a8bc0 #66a2d3 #8abbe4 #b6d8f4',
};
