import prettyBytes from 'pretty-bytes';
import prettyMilliseconds from 'pretty-ms';

/** `1.2 GiB`; at most three significant digits, so that columns stay narrow. */
export function formatBytes(bytes: number): string {
  return prettyBytes(bytes, { binary: true });
}

/** `1.2 MiB/s` */
export function formatRate(bytesPerSecond: number): string {
  return `${formatBytes(Math.round(bytesPerSecond))}/s`;
}

/** `850ms`, `12s`, `3m 4s`, `2h 10m`: no finer than a person can use. */
export function formatSeconds(seconds: number): string {
  if (seconds < 1) return prettyMilliseconds(seconds * 1000);
  return prettyMilliseconds(Math.round(seconds) * 1000, { unitCount: 2 });
}

/** `42.1%`; 100% only when nothing is missing. */
export function formatPercent(part: number, whole: number): string {
  if (part >= whole) return '100%';
  return `${(Math.floor((part / whole) * 1000) / 10).toFixed(1)}%`;
}

/** `1 peer`, `3 peers` */
export function formatCount(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Runs of numbers as `1-3, 7`; at most `maxRuns` runs, then how many numbers are left out. */
export function formatRanges(ascending: readonly number[], maxRuns = 20): string {
  const runs: { first: number; last: number }[] = [];
  for (const value of ascending) {
    const run = runs.at(-1);
    if (run?.last === value - 1) run.last = value;
    else runs.push({ first: value, last: value });
  }
  const shown = runs.slice(0, maxRuns);
  const hiddenCount = runs.slice(maxRuns).reduce((sum, run) => sum + run.last - run.first + 1, 0);
  const text = shown.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join(', ');
  return hiddenCount === 0 ? text : `${text} and ${hiddenCount} more`;
}

/** Left-aligned columns, two spaces apart; the last one is not padded. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, cell.length);
    });
  }
  return rows
    .map((row) => row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0))))
    .map((cells) => cells.join('  ').trimEnd())
    .join('\n');
}
