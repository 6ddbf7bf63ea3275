import type { Measurement } from './bench-case.js';
import { GAUGE } from './programs/programs.js';
import type { EntryResult } from './run-case.js';
import { relativeRange, spreadOf, type Spread } from './statistics.js';
import { formatColumns, formatSpread } from './table.js';

/** An entry in figures. Ratios are of our time to its time in the same round: below 1 we are faster. */
export interface EntrySummary {
  readonly name: string;
  readonly group: string;
  readonly byteCount: number;
  readonly wallSeconds: Spread;
  readonly firstDoneSeconds: Spread;
  readonly bytesPerSecond: number;
  readonly oursToThis: Spread;
  /** What the seeder sent as a multiple of the content; of Node programs only, others use other system calls. */
  readonly uploadedCopies: Spread;
  readonly seeder: CostSummary;
  readonly leechers: CostSummary;
}

export interface CostSummary {
  readonly userSeconds: number;
  readonly systemSeconds: number;
  readonly peakResidentBytes: number;
  readonly peakPrivateBytes: number;
}

/** More than this between the slowest and the fastest run of the bare loop, and the machine was not ours alone. */
const MAX_GAUGE_RANGE = 0.2;
const MIN_GAUGE_RUNS = 3;

/** @param results those of one case; the first of each group is our own */
export function summarize(results: readonly EntryResult[]): readonly EntrySummary[] {
  return results.map((result) => {
    const ours = results.find(({ group }) => group === result.group) ?? result;
    const wallSeconds = spreadOf(result.measurements.map((run) => run.wallSeconds));
    return {
      name: result.name,
      group: result.group,
      byteCount: result.byteCount,
      wallSeconds,
      firstDoneSeconds: spreadOf(result.measurements.map((run) => run.firstDoneSeconds)),
      bytesPerSecond: result.byteCount / wallSeconds.median,
      oursToThis: spreadOf(
        result.measurements.map((run, round) => (ours.measurements[round]?.wallSeconds ?? NaN) / run.wallSeconds),
      ),
      uploadedCopies: spreadOf(result.measurements.map((run) => run.seeder.writtenBytes / result.byteCount)),
      seeder: summarizeCost(result.measurements.map((run) => run.seeder)),
      leechers: summarizeCost(result.measurements.map((run) => run.leechers)),
    };
  });
}

/** Why the figures are not to be believed; nothing when they are. */
export function whyInvalid(results: readonly EntryResult[]): string | undefined {
  for (const { name, measurements } of results) {
    if (!name.startsWith(GAUGE)) continue;
    const reason = whyUnsteady(measurements.map((run) => run.wallSeconds));
    if (reason !== undefined) return reason;
  }
  return undefined;
}

/** @param gaugeSeconds of the bare loop, round by round */
export function whyUnsteady(gaugeSeconds: readonly number[]): string | undefined {
  if (gaugeSeconds.length < MIN_GAUGE_RUNS) return `INVALID: fewer than ${MIN_GAUGE_RUNS} runs say nothing.`;
  const range = relativeRange(spreadOf(gaugeSeconds));
  if (range <= MAX_GAUGE_RANGE) return undefined;
  const [found, allowed] = [range, MAX_GAUGE_RANGE].map((share) => Math.round(share * 100));
  return `INVALID: the bare loop varied by ${String(found)} % (more than ${String(allowed)} %): the machine was busy. Run it again.`;
}

/** A table for people. */
export function formatTable(summaries: readonly EntrySummary[]): string {
  return formatColumns([HEADINGS, ...summaries.map(formatRow)], 2);
}

function summarizeCost(costs: readonly Measurement['seeder'][]): CostSummary {
  return {
    userSeconds: spreadOf(costs.map((cost) => cost.userSeconds)).median,
    systemSeconds: spreadOf(costs.map((cost) => cost.systemSeconds)).median,
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
  'CPU s seeder/leecher (user+system)',
  'resident MiB',
  'private MiB',
];

function formatRow(summary: EntrySummary): readonly string[] {
  const { seeder, leechers } = summary;
  return [
    summary.name,
    summary.group,
    formatSpread(summary.wallSeconds),
    (summary.bytesPerSecond / 1e6).toFixed(0),
    formatSpread(summary.oursToThis),
    `${formatCpu(seeder)} / ${formatCpu(leechers)}`,
    `${mebibytes(seeder.peakResidentBytes)} / ${mebibytes(leechers.peakResidentBytes)}`,
    `${mebibytes(seeder.peakPrivateBytes)} / ${mebibytes(leechers.peakPrivateBytes)}`,
  ];
}

function formatCpu({ userSeconds, systemSeconds }: CostSummary): string {
  return `${userSeconds.toFixed(2)}+${systemSeconds.toFixed(2)}`;
}

function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0);
}
