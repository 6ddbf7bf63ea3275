import { quantile } from '../run/quantile.js';
import type { ResultGroup } from './result-collection.js';
import { parameters } from './result-group.js';
import type { RealRun } from './result-schema.js';

/** One real run beside the simulation of the same swarm. */
export interface Calibration {
  readonly peers: number;
  readonly boundSeconds: number;
  /** For each leecher of the real run, by its place in the order of completion: both in multiples of the bound. */
  readonly points: readonly { readonly real: number; readonly simulated: number; readonly isLast: boolean }[];
}

/** Pairs real runs with simulations of as many peers, the same file and the same rates; `unmatched` have none. */
export function calibrate(
  groups: readonly ResultGroup[],
  runs: readonly RealRun[],
): { calibrations: Calibration[]; unmatchedCount: number } {
  const calibrations = runs.flatMap((run) => {
    const group = groups.find((candidate) => isSameSwarm(candidate, run));
    const calibration = group === undefined ? undefined : compare(group, run);
    return calibration === undefined ? [] : [calibration];
  });
  return { calibrations, unmatchedCount: runs.length - calibrations.length };
}

function isSameSwarm(group: ResultGroup, { peers, seeders, length, pieces, boundSeconds }: RealRun): boolean {
  const model = parameters(group);
  // A run says no rates, but its bound follows from them: equal file and equal bound are equal rates.
  return (
    model.peers === peers - seeders &&
    model.pieces === pieces &&
    Math.ceil(length / model.pieceBytes) === pieces &&
    boundSeconds !== null &&
    Math.abs(fluidBoundSeconds(group) / boundSeconds - 1) < RATE_TOLERANCE
  );
}

/** `run` knows the fluid bound only; that of pieces is longer by what the first piece needs to reach everybody. */
function fluidBoundSeconds(group: ResultGroup): number {
  const { bound, peers, pieces } = parameters(group);
  return bound.name === 'LB2' ? bound.seconds / (1 + Math.floor(Math.log2(peers)) / pieces) : bound.seconds;
}

function compare(group: ResultGroup, run: RealRun): Calibration | undefined {
  const real = run.nodes.flatMap(({ role, seconds }) => (role === 'leecher' && seconds !== null ? [seconds] : []));
  const simulated = group.runs.map(({ completionSeconds }) => completionSeconds);
  if (real.length === 0 || simulated.every((times) => times.length === 0)) return undefined;
  const boundSeconds = run.boundSeconds ?? fluidBoundSeconds(group);
  const points = real
    .sort((a, b) => a - b)
    .map((seconds, index) => {
      const share = (index + 1) / real.length;
      const twins = simulated.flatMap((times) => quantile(times, share) ?? []);
      return {
        real: seconds / boundSeconds,
        simulated: (quantile(twins, 0.5) ?? Infinity) / boundSeconds,
        isLast: index === real.length - 1,
      };
    });
  return { peers: run.peers - run.seeders, boundSeconds, points };
}

/** Bounds are written with four decimals, and LB2's logarithm is that of leechers or of all peers. */
const RATE_TOLERANCE = 0.02;
