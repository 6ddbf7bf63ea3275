import type { Measurement } from './bench-case.js';
import { GAUGE } from './programs/programs.js';
import type { EntryResult } from './run-case.js';
import { relativeRange, spreadOf, type Spread } from './statistics.js';

/** An entry in figures. Ratios are of our time to its time in the same round: below 1 we are faster. */
export interface EntrySummary {
  readonly name: string;
  readonly pieceBytes: number;
  readonly wallSeconds: Spread;
  readonly firstDoneSeconds: Spread;
  readonly bytesPerSecond: number;
  readonly oursToThis: Spread;
  readonly seeder: CostSummary;
  readonly leechers: CostSummary;
}

export interface CostSummary {
  readonly cpuSeconds: number;
  readonly peakResidentBytes: number;
  readonly peakPrivateBytes: number;
}

/** More than this between the slowest and the fastest run of the bare loop, and the machine was not ours alone. */
const MAX_GAUGE_RANGE = 0.2;
const MIN_GAUGE_RUNS = 3;

/** @param results those of one case; the first of each piece size is our own */
export function summarize(results: readonly EntryResult[], byteCount: number): readonly EntrySummary[] {
  return results.map((result) => {
    const ours = results.find(({ pieceBytes }) => pieceBytes === result.pieceBytes) ?? result;
    const wallSeconds = spreadOf(result.measurements.map((run) => run.wallSeconds));
    return {
      name: result.name,
      pieceBytes: result.pieceBytes,
      wallSeconds,
      firstDoneSeconds: spreadOf(result.measurements.map((run) => run.firstDoneSeconds)),
      bytesPerSecond: byteCount / wallSeconds.median,
      oursToThis: spreadOf(
        result.measurements.map((run, round) => (ours.measurements[round]?.wallSeconds ?? NaN) / run.wallSeconds),
      ),
      seeder: summarizeCost(result.measurements.map((run) => run.seeder)),
      leechers: summarizeCost(result.measurements.map((run) => run.leechers)),
    };
  });
}

/** Why the figures are not to be believed; nothing when they are. */
export function whyInvalid(results: readonly EntryResult[]): string | undefined {
  for (const { name, measurements } of results) {
    if (!name.startsWith(GAUGE)) continue;
    if (measurements.length < MIN_GAUGE_RUNS) return `INVALID: fewer than ${MIN_GAUGE_RUNS} runs say nothing.`;
    const range = relativeRange(spreadOf(measurements.map((run) => run.wallSeconds)));
    if (range > MAX_GAUGE_RANGE) {
      const [found, allowed] = [range, MAX_GAUGE_RANGE].map((share) => Math.round(share * 100));
      return `INVALID: the bare loop varied by ${String(found)} % (more than ${String(allowed)} %): the machine was busy. Run it again.`;
    }
  }
  return undefined;
}

/** A table for people. */
export function formatTable(summaries: readonly EntrySummary[]): string {
  const rows = [HEADINGS, ...summaries.map(formatRow)];
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => row.map((cell, column) => pad(cell, widths[column] ?? 0, column)).join('  ')).join('\n');
}

function summarizeCost(costs: readonly Measurement['seeder'][]): CostSummary {
  return {
    cpuSeconds: spreadOf(costs.map((cost) => cost.cpuSeconds)).median,
    peakResidentBytes: Math.max(...costs.map((cost) => cost.peakResidentBytes)),
    peakPrivateBytes: Math.max(...costs.map((cost) => cost.peakPrivateBytes)),
  };
}

const HEADINGS = [
  'who',
  'pieces',
  'wall s (range)',
  'MB/s',
  'ours/this (range)',
  'CPU s seeder/leecher',
  'resident MiB',
  'private MiB',
];

function formatRow(summary: EntrySummary): readonly string[] {
  const { seeder, leechers } = summary;
  return [
    summary.name,
    `${summary.pieceBytes / 1024} KiB`,
    formatSpread(summary.wallSeconds),
    (summary.bytesPerSecond / 1e6).toFixed(0),
    formatSpread(summary.oursToThis),
    `${seeder.cpuSeconds.toFixed(2)} / ${leechers.cpuSeconds.toFixed(2)}`,
    `${mebibytes(seeder.peakResidentBytes)} / ${mebibytes(leechers.peakResidentBytes)}`,
    `${mebibytes(seeder.peakPrivateBytes)} / ${mebibytes(leechers.peakPrivateBytes)}`,
  ];
}

function formatSpread({ median, least, most }: Spread): string {
  return `${median.toFixed(2)} (${least.toFixed(2)}-${most.toFixed(2)})`;
}

function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0);
}

function pad(cell: string, width: number, column: number): string {
  return column === 0 ? cell.padEnd(width) : cell.padStart(width);
}
