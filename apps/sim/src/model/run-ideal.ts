import { IdealSwarm, SeededRandom, TraceHash } from '@p2p/swarm/testing';

import { quantile } from '../run/quantile.js';
import { pieceBound } from './bounds.js';
import { LINK_PRESETS } from './links/presets.js';
import type { ModelResult, ModelSeries } from './model-result.js';
import type { ModelRequest, ModelRuntime } from './run-model.js';
import { check } from './scenario.js';

/**
 * S01 without time: rounds in which every node sends and receives one piece (`IdealSwarm`). A round is counted as the time of
 * one piece on the uplink, so that the result compares with the others.
 */
export function* idealSteps(
  { scenario, input, settings, command }: ModelRequest,
  runtime: ModelRuntime,
): Generator<void, ModelResult> {
  const startedAt = runtime.seconds();
  const { seed, peers, content } = input;
  const { pieces, pieceBytes } = content;
  const up = LINK_PRESETS[input.link].upBytesPerSecond;
  const roundSeconds = pieceBytes / up;
  const bound = pieceBound({ fileBytes: pieces * pieceBytes, pieces, up, leecherCount: peers });
  const swarm = new IdealSwarm({ leechers: peers, pieces, degree: MAX_DEGREE, random: new SeededRandom(seed) });
  const trace = new TraceHash();
  const rounds: Round[] = [];
  while (!swarm.isComplete) {
    swarm.playRound();
    const counts = Array.from({ length: peers }, (_, index) => swarm.pieceCountOf(index + 1));
    for (const [index, count] of counts.entries()) trace.addNumbers(swarm.roundCount, index, count, 0);
    rounds.push({ counts, leastCopies: swarm.leastCopies });
    report(runtime, { swarm, counts, pieces, roundSeconds, startedAt });
    yield;
  }
  const completionSeconds = swarm.completedAt
    .flatMap((round) => (round === undefined ? [] : [round * roundSeconds]))
    .sort((a, b) => a - b);
  const ratioAt = (share: number): number => (quantile(completionSeconds, share) ?? Infinity) / bound.seconds;
  const ratio = { p50: ratioAt(0.5), p95: ratioAt(0.95), max: ratioAt(1) };
  return {
    schema: 'p2p-sim/model/1',
    scenario: scenario.id,
    seed,
    peers,
    pieces,
    pieceBytes,
    linkModel: 'ideal',
    payload: 'refs',
    settings,
    bound,
    completionSeconds,
    incomplete: peers - completionSeconds.length,
    ratio,
    seederCopies: swarm.sentBySeeder / pieces,
    duplicateShare: 0,
    wastedShare: 0,
    controlShare: 0,
    uplinkUse: (peers * pieces) / ((peers + 1) * swarm.roundCount),
    checks: [check('maximum over the bound', 'atMost', 1.01, ratio.max)],
    sometimes: {},
    series: seriesOf(rounds, { peers, pieces, roundSeconds }),
    events: peers * pieces,
    command,
    wallSeconds: runtime.seconds() - startedAt,
    peakMemoryBytes: runtime.memoryBytes(),
    traceHash: trace.digest(),
  };
}

function report(
  runtime: ModelRuntime,
  at: {
    readonly swarm: IdealSwarm;
    readonly counts: readonly number[];
    readonly pieces: number;
    readonly roundSeconds: number;
    readonly startedAt: number;
  },
): void {
  const { swarm, counts, pieces, roundSeconds, startedAt } = at;
  const stored = counts.reduce((sum, count) => sum + count, 0);
  runtime.progress({
    virtualSeconds: swarm.roundCount * roundSeconds,
    finishedPeers: counts.filter((count) => count === pieces).length,
    leechers: counts.length,
    share: stored / (counts.length * pieces),
    events: stored,
    wallSeconds: runtime.seconds() - startedAt,
  });
}

/** What is kept of a round. */
interface Round {
  /** Pieces by leecher. */
  readonly counts: readonly number[];
  readonly leastCopies: number;
}

/** One sample a round, or fewer: about 100. The overlay does not change. */
function seriesOf(
  rounds: readonly Round[],
  swarm: { readonly peers: number; readonly pieces: number; readonly roundSeconds: number },
): ModelSeries {
  const { peers, pieces, roundSeconds } = swarm;
  const step = Math.max(1, Math.floor(rounds.length / WANTED_SAMPLES));
  const sampled = rounds
    .map((sample, index) => ({ ...sample, round: index + 1 }))
    .filter(({ round }) => round % step === 0);
  const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);
  const shown = Math.min(peers, WANTED_SAMPLES);
  return {
    at: sampled.map(({ round }) => round * roundSeconds),
    uplinkUse: sampled.map(({ counts, round }) => {
      const before = round > step ? total(rounds[round - step - 1]?.counts ?? []) : 0;
      return (total(counts) - before) / (step * (peers + 1));
    }),
    availabilityMin: sampled.map(({ leastCopies }) => leastCopies),
    availabilityMean: sampled.map(({ counts }) => 1 + total(counts) / pieces),
    finishedPeers: sampled.map(({ counts }) => counts.filter((count) => count === pieces).length),
    livingPeers: sampled.map(() => peers + 1),
    progress: Array.from({ length: shown }, (_, row) => {
      const leecher = Math.floor((row * peers) / shown);
      return sampled.map(({ counts }) => (counts[leecher] ?? 0) / pieces);
    }),
    overlay: [],
    faults: [],
  };
}

/** Of leechers among each other; all know the seeder. */
const MAX_DEGREE = 64;
const WANTED_SAMPLES = 100;
