import type { Spread } from './statistics.js';

/** Rows as text, the first `textColumns` columns aligned to the left, the others, which are figures, to the right. */
export function formatColumns(rows: readonly (readonly string[])[], textColumns: number): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const pad = (cell: string, column: number): string =>
    column < textColumns ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
  return rows.map((row) => row.map(pad).join('  ').trimEnd()).join('\n');
}

export function formatSpread({ median, least, most }: Spread): string {
  const digits = digitsFor(median);
  return `${median.toFixed(digits)} (${least.toFixed(digits)}-${most.toFixed(digits)})`;
}

/** Small values need more of them. */
function digitsFor(value: number): number {
  if (Math.abs(value) >= 1000) return 0;
  return Math.abs(value) >= 0.1 || value === 0 ? 2 : 4;
}
