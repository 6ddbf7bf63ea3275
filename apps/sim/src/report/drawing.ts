import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';

import { palette } from './palette.js';

/** A picture: the inside of an SVG element of this size, in CSS pixels. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly body: string;
}

/** What a colour or a stroke stands for, shown above a picture. */
export interface LegendEntry {
  readonly label: string;
  readonly color: string;
  readonly mark: 'line' | 'dash' | 'dot' | 'band';
}

export interface PlotSpec {
  readonly width: number;
  readonly height: number;
  readonly marginLeft: number;
  readonly marginRight: number;
  readonly marginTop: number;
  readonly marginBottom: number;
  readonly x: Plot.ScaleOptions;
  readonly y: Plot.ScaleOptions;
  readonly color: Plot.ScaleOptions;
  readonly marks: Plot.Markish[];
  readonly legend: readonly LegendEntry[];
}

/**
 * Draws one plot. The scales, marks and axes are Observable Plot's; the look is ours: no box, no tick marks, a faint grid,
 * colours from the page.
 */
export function drawPlot({ legend = [], ...spec }: Partial<PlotSpec> & Pick<PlotSpec, 'marks'>): Drawing {
  const { width = PICTURE_WIDTH, height = 280 } = spec;
  const margins = { marginTop: 34, marginRight: 24, marginBottom: 44, marginLeft: 56 };
  const legendRows = layOutLegend(legend, width);
  // Neither library's types are known outside a browser.
  const page: unknown = parseHTML('<!doctype html><body></body>');
  const element: unknown = Plot.plot({
    ...margins,
    ...spec,
    document: propertyOf(page, 'document'),
    width,
    height,
    x: { ...X_AXIS, ...spec.x, ...(isLog(spec.x) ? { axis: null } : {}) },
    y: { ...Y_AXIS, ...spec.y, ...(isLog(spec.y) ? { axis: null } : {}) },
    marks: [
      Plot.gridY({ stroke: palette.grid, strokeOpacity: 1, ...ticksOf(spec.y) }),
      ...(isLog(spec.x) ? [Plot.axisX(logAxis(X_AXIS, spec.x))] : []),
      ...(isLog(spec.y) ? [Plot.axisY(logAxis(Y_AXIS, spec.y))] : []),
      ...spec.marks,
    ],
  });
  const shift = legendRows.length === 0 ? 0 : legendRows.length * LEGEND_ROW_HEIGHT + 6;
  return {
    width,
    height: height + shift,
    body: drawLegend(legendRows) + group(withFewerDigits(String(propertyOf(element, 'innerHTML'))), shift),
  };
}

/** Puts drawings below each other. */
export function stackDrawings(drawings: readonly Drawing[]): Drawing {
  let height = 0;
  let body = '';
  for (const drawing of drawings) {
    body += group(drawing.body, height);
    height += drawing.height;
  }
  return { width: Math.max(...drawings.map(({ width }) => width)), height, body };
}

/** Text that is safe inside an SVG or HTML element, or an attribute in double quotes. */
export function escapeText(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
}

/** Two figures side by side on a page, or one in a README. */
export const PICTURE_WIDTH = 560;

function isLog(scale: Plot.ScaleOptions | undefined): scale is Plot.ScaleOptions {
  return scale?.type === 'log';
}

/** The formatter of a logarithmic scale leaves out labels that it thinks too many; as text they all stay. */
function logAxis<T extends object>(
  defaults: T,
  { ticks, tickFormat, label }: Plot.ScaleOptions,
): Plot.AxisXOptions & T {
  const texts = typeof tickFormat === 'function' ? { text: tickFormat } : {};
  return { ...defaults, ...(ticks === undefined ? {} : { ticks }), ...texts, label: label ?? null };
}

function ticksOf(scale: Pick<Plot.ScaleOptions, 'ticks'> | undefined): Pick<Plot.ScaleOptions, 'ticks'> {
  return scale?.ticks === undefined ? {} : { ticks: scale.ticks };
}

interface PlacedEntry extends LegendEntry {
  readonly x: number;
}

/** Breaks the legend into rows. There is no font to measure here, so widths are those of a wide one. */
function layOutLegend(entries: readonly LegendEntry[], width: number): PlacedEntry[][] {
  const rows: PlacedEntry[][] = [];
  let x = 0;
  for (const entry of entries) {
    const entryWidth = SWATCH_WIDTH + 6 + entry.label.length * CHARACTER_WIDTH + 18;
    const row = rows.at(-1);
    if (row === undefined || x + entryWidth > width) {
      rows.push([{ ...entry, x: 0 }]);
      x = entryWidth;
    } else {
      row.push({ ...entry, x });
      x += entryWidth;
    }
  }
  return rows;
}

function drawLegend(rows: readonly (readonly PlacedEntry[])[]): string {
  return rows
    .flatMap((row, index) => {
      const y = index * LEGEND_ROW_HEIGHT + LEGEND_ROW_HEIGHT / 2;
      return row.map(
        ({ x, label, color, mark }) =>
          `<g transform="translate(${x},${y})">${SWATCHES[mark](color)}<text x="${SWATCH_WIDTH + 6}" y="0.35em" text-anchor="start">${escapeText(label)}</text></g>`,
      );
    })
    .join('');
}

const SWATCHES: Readonly<Record<LegendEntry['mark'], (color: string) => string>> = {
  line: (color) => `<path d="M0,0H20" stroke="${color}" stroke-width="2.5"/>`,
  dash: (color) => `<path d="M0,0H20" stroke="${color}" stroke-width="2" stroke-dasharray="4 3"/>`,
  dot: (color) => `<circle cx="10" r="4" fill="${color}"/>`,
  band: (color) => `<rect y="-5" width="20" height="10" fill="${color}"/>`,
};

function group(body: string, y: number): string {
  return `<g transform="translate(0,${y})">${body}</g>`;
}

function propertyOf(value: unknown, name: string): unknown {
  // Not `name in value`: linkedom's window answers for names that it does not list.
  const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  if (found === undefined) throw new Error(`the drawing has no ${name}`);
  return found;
}

/** A tenth of a pixel is enough, and a third of the size. The style element that Plot adds is for pages that have no style. */
function withFewerDigits(svg: string): string {
  return svg
    .replace(/<style>[^]*?<\/style>/g, '')
    .replace(/ aria-(label|hidden)="[^"]*"/g, '')
    .replace(/="([^"]*)"/g, (_, value: string) => `="${value.replace(/(\.\d)\d+/g, '$1')}"`);
}

const X_AXIS = { tickSize: 0, tickPadding: 8, labelAnchor: 'center', labelArrow: 'none', labelOffset: 40 } as const;
const Y_AXIS = { tickSize: 0, tickPadding: 8, labelArrow: 'none' } as const;
const LEGEND_ROW_HEIGHT = 22;
const SWATCH_WIDTH = 20;
const CHARACTER_WIDTH = 6.6;
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
