import type { Cluster } from './cluster.js';
import { lowerBoundSeconds } from './lower-bound.js';
import type { NodeRecord } from './node-record.js';
import type { OverlayShape } from './overlay-graph.js';
import { quantile } from './quantile.js';
import type { RunOptions } from './run-options.js';

/** What a run has measured: the last line of `--json`. Sizes in bytes, times in seconds, `null` for what is unknown. */
export interface RunResult {
  readonly event: 'result';
  readonly mode: 'run';
  readonly scenario: null;
  /** All nodes, seeders included. */
  readonly peers: number;
  readonly seeders: number;
  readonly seed: number;
  readonly length: number;
  readonly pieces: number | null;
  readonly boundSeconds: number | null;
  readonly p50Seconds: number | null;
  readonly p95Seconds: number | null;
  readonly maxSeconds: number | null;
  readonly ratioP50: number | null;
  readonly ratioP95: number | null;
  readonly ratioMax: number | null;
  /** Leechers that did not complete. */
  readonly incomplete: number;
  /** Copies that were read back from disk and found equal to the original. */
  readonly verified: number;
  /** Copies' worth of payload that the first seeder sent. */
  readonly seederUploadRatio: number | null;
  /** Shares of the payload that leechers received. */
  readonly duplicateRatio: number | null;
  readonly wastedRatio: number | null;
  /** Not measured by nodes so far. */
  readonly controlRatio: null;
  /** Payload sent over what all uplinks could have sent until the last node completed. Null without --limit-up. */
  readonly uplinkUse: number | null;
  readonly overlay: OverlayShape;
  /** Pairs of nodes that found each other through peer exchange. */
  readonly pexLinks: number;
  /** From the start of the first process to the completion of the last copy. */
  readonly wallSeconds: number;
  /** Events that nodes reported to the runner. */
  readonly events: number;
  readonly eventsPerSecond: number;
  /** The most that any one node held. */
  readonly peakRssBytes: number | null;
  readonly traceHash: null;
  readonly nodes: readonly NodeResult[];
}

/** One process of a run. */
export interface NodeResult {
  readonly name: string;
  readonly role: 'seeder' | 'leecher';
  readonly address: string | null;
  readonly cpuSeconds: number | null;
  readonly peakRssBytes: number | null;
  readonly uploaded: number | null;
  readonly downloaded: number | null;
  /** From listening to complete; null for seeders and for what did not complete. */
  readonly seconds: number | null;
}

/** What the result is made from, beside the nodes' own records. */
export interface RunMeasurement {
  readonly wallSeconds: number;
  readonly verifiedCount: number;
}

/** Draws the sum of a run. */
export function buildResult(
  options: RunOptions,
  cluster: Pick<Cluster, 'records' | 'leechers' | 'links' | 'eventCount'>,
  { wallSeconds, verifiedCount }: RunMeasurement,
): RunResult {
  const { records, leechers } = cluster;
  const times = completionTimes(options, leechers);
  const uploaded = sum(records.map(({ totals }) => totals.uploaded));
  return {
    event: 'result',
    mode: 'run',
    scenario: null,
    peers: options.nodeCount,
    seeders: options.seederCount,
    seed: options.seed,
    length: options.lengthBytes,
    pieces: records.map(({ pieceCount }) => pieceCount).find((count) => count !== undefined) ?? null,
    ...times,
    incomplete: leechers.filter(({ phase }) => phase.kind !== 'complete').length,
    verified: verifiedCount,
    seederUploadRatio: ratio(records[0]?.totals.uploaded, options.lengthBytes),
    ...wasteRatios(leechers),
    controlRatio: null,
    uplinkUse: ratio(uploaded, uplinkCapacityBytes(options, times.maxSeconds)),
    overlay: cluster.links.overlay().shape(),
    pexLinks: cluster.links.pexLinkCount(),
    wallSeconds: round(wallSeconds),
    events: cluster.eventCount,
    eventsPerSecond: Math.round(cluster.eventCount / wallSeconds),
    peakRssBytes: highest(records.map(({ usage }) => usage?.peakRssBytes)),
    traceHash: null,
    nodes: records.map(nodeResult),
  };
}

type CompletionTimes = Pick<
  RunResult,
  'boundSeconds' | 'p50Seconds' | 'p95Seconds' | 'maxSeconds' | 'ratioP50' | 'ratioP95' | 'ratioMax'
>;

function completionTimes(options: RunOptions, leechers: readonly NodeRecord[]): CompletionTimes {
  const bound = lowerBoundSeconds({ ...options, leecherCount: leechers.length });
  // A node that never completed counts as infinitely late, so that losing slow nodes cannot improve a quantile.
  const seconds = leechers.map(({ phase }) => (phase.kind === 'complete' ? phase.seconds : Infinity));
  const [p50, p95, max] = [0.5, 0.95, 1].map((q) => finite(quantile(seconds, q)));
  return {
    boundSeconds: bound === undefined ? null : round(bound),
    p50Seconds: orNull(p50),
    p95Seconds: orNull(p95),
    maxSeconds: orNull(max),
    ratioP50: ratio(p50, bound),
    ratioP95: ratio(p95, bound),
    ratioMax: ratio(max, bound),
  };
}

function wasteRatios(leechers: readonly NodeRecord[]): Pick<RunResult, 'duplicateRatio' | 'wastedRatio'> {
  const downloaded = sum(leechers.map(({ totals }) => totals.downloaded));
  const wasted = sum(leechers.map(({ totals }) => totals.wasted));
  const corrupt = sum(leechers.map(({ totals }) => totals.corrupt));
  const duplicate = wasted === undefined || corrupt === undefined ? undefined : wasted - corrupt;
  return { duplicateRatio: ratio(duplicate, downloaded), wastedRatio: ratio(wasted, downloaded) };
}

function uplinkCapacityBytes(options: RunOptions, maxSeconds: number | null): number | undefined {
  if (options.uploadBytesPerSecond === undefined || maxSeconds === null) return undefined;
  return options.nodeCount * options.uploadBytesPerSecond * maxSeconds;
}

function nodeResult({ plan, phase, address, usage, totals }: NodeRecord): NodeResult {
  return {
    name: plan.name,
    role: plan.role,
    address: address ?? null,
    cpuSeconds: usage?.cpuSeconds ?? null,
    peakRssBytes: usage?.peakRssBytes ?? null,
    uploaded: totals.uploaded ?? null,
    downloaded: totals.downloaded ?? null,
    seconds: plan.role === 'leecher' && phase.kind === 'complete' ? round(phase.seconds) : null,
  };
}

/** Undefined as soon as one is: a sum with a hole in it would be a wrong number. */
function sum(values: readonly (number | undefined)[]): number | undefined {
  let total = 0;
  for (const value of values) {
    if (value === undefined) return undefined;
    total += value;
  }
  return total;
}

function highest(values: readonly (number | undefined)[]): number | null {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? null : Math.max(...known);
}

function ratio(part: number | undefined, whole: number | undefined): number | null {
  return part === undefined || whole === undefined || whole === 0 ? null : round(part / whole);
}

function finite(value: number | undefined): number | undefined {
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}

function orNull(value: number | undefined): number | null {
  return value === undefined ? null : round(value);
}

/** Four places: milliseconds matter, microseconds are noise. */
function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
