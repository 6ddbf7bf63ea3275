// Results that look like those of a simulation but are computed from a formula: they test the pictures, and say nothing
// about any swarm.
import type { ModelResult, ModelSeries } from '../../src/model/model-result.js';

/** What a fixture may differ in. */
export interface FixtureOptions {
  readonly scenario?: string;
  readonly peers?: number;
  readonly seed?: number;
  readonly settings?: ModelResult['settings'];
  /** How far the last peer is from the bound. */
  readonly slowness?: number;
  readonly faults?: ModelSeries['faults'];
  readonly incomplete?: number;
}

export function fixtureResult(options: FixtureOptions = {}): ModelResult {
  const { scenario = 'S01', peers = 64, seed = 1, settings = {}, slowness = 1.08, faults = [] } = options;
  const { incomplete = 0 } = options;
  const random = generator(seed + peers);
  const boundSeconds = FLUID_SECONDS * (1 + Math.floor(Math.log2(peers)) / PIECES);
  const completionSeconds = Array.from({ length: peers - incomplete }, (_, index) => {
    const place = (index + 1) / peers;
    return boundSeconds * (1.01 + (slowness - 1.01) * place ** 3 + random() * 0.004);
  }).sort((a, b) => a - b);
  const ratioAt = (share: number): number => {
    const seconds = completionSeconds[Math.ceil(share * peers) - 1];
    return seconds === undefined ? Infinity : seconds / boundSeconds;
  };
  const ratio = { p50: ratioAt(0.5), p95: ratioAt(0.95), max: ratioAt(1) };
  return {
    schema: 'p2p-sim/model/1',
    scenario,
    seed,
    peers,
    pieces: PIECES,
    pieceBytes: 65_536,
    linkModel: 'chunk',
    payload: 'refs',
    settings,
    bound: { name: 'LB2', seconds: boundSeconds },
    completionSeconds,
    incomplete,
    ratio,
    seederCopies: 1.02 + slowness - 1,
    duplicateShare: 0.003,
    wastedShare: 0,
    controlShare: 0.011,
    uplinkUse: 0.98 / slowness,
    checks: [
      { name: 'p50 over bound', rule: 'atMost', limit: 1.05, actual: ratio.p50, holds: ratio.p50 <= 1.05 },
      { name: 'max over bound', rule: 'atMost', limit: 1.1, actual: ratio.max, holds: ratio.max <= 1.1 },
    ],
    sometimes: { 'endgame entered': 12, 'duplicate connection resolved': seed % 3, 'slot theft refused': 0 },
    series: fixtureSeries(completionSeconds, peers, { random, faults }),
    events: peers * 4000,
    command: `p2p-sim model --scenario ${scenario} --peers ${peers} --seed ${seed}`,
    wallSeconds: peers / 50,
    peakMemoryBytes: 2 ** 28,
    traceHash: `${seed}`.padStart(16, 'f'),
  };
}

/** One line of a results file. */
export function lineOf(result: unknown): string {
  return `${JSON.stringify(result)}\n`;
}

/** Results that give every picture there is. */
export function fixtureSweep(): unknown[] {
  const sizes = [8, 32, 128, 1000];
  const seeds = [1, 2, 3, 4, 5];
  const basic = sizes.flatMap((peers) =>
    seeds.map((seed) => fixtureResult({ peers, seed, slowness: 1.03 + Math.log10(peers) * 0.015 + seed * 0.002 })),
  );
  const degrees = sizes.flatMap((peers) =>
    [16, 64].map((degree) =>
      fixtureResult({ peers, settings: { degree }, slowness: 1.02 + (Math.log10(peers) * 0.5) / degree }),
    ),
  );
  const freeRiders = [0.1, 0.3, 0.5].flatMap((freeRiders) =>
    ['plain', 'largeView'].map((view, index) =>
      fixtureResult({
        scenario: 'S05',
        settings: { freeRiders, view },
        slowness: 1.04 + freeRiders * (0.1 + index * 0.15),
      }),
    ),
  );
  const chokers = ['rate', 'roundRobin', 'proportionalShare', 'antiLeech'].flatMap((choker, index) =>
    seeds.map((seed) => fixtureResult({ scenario: 'S04', seed, settings: { choker }, slowness: 1.05 + index * 0.06 })),
  );
  const parted = seeds.map((seed) =>
    fixtureResult({
      scenario: 'S11',
      peers: 200,
      seed,
      slowness: 1.25,
      faults: [
        { at: 20, label: 'parted' },
        { at: 40, label: 'healed' },
      ],
      ...(seed === 3 ? { incomplete: 4 } : {}),
    }),
  );
  return [...basic, ...degrees, ...freeRiders, ...chokers, ...parted, fixtureRun(8), fixtureRun(32), fixtureRun(5)];
}

/** What `p2p-sim run --json` prints, as far as the report reads it. */
export function fixtureRun(leechers: number): Record<string, unknown> {
  const random = generator(leechers);
  const nodes = Array.from({ length: leechers }, (_, index) => ({
    name: `peer-${index + 1}`,
    role: 'leecher',
    seconds: FLUID_SECONDS * (1.02 + 0.06 * ((index + 1) / leechers) ** 2 + random() * 0.03),
  }));
  return {
    event: 'result',
    mode: 'run',
    peers: leechers + 1,
    seeders: 1,
    seed: 1,
    length: PIECES * 65_536,
    pieces: PIECES,
    boundSeconds: FLUID_SECONDS,
    incomplete: 0,
    nodes: [{ name: 'seeder-1', role: 'seeder', seconds: null }, ...nodes],
  };
}

function fixtureSeries(
  completionSeconds: readonly number[],
  peers: number,
  { random, faults }: { random: () => number; faults: ModelSeries['faults'] },
): ModelSeries {
  const end = (completionSeconds.at(-1) ?? 60) * 1.01;
  const at = Array.from({ length: SAMPLES }, (_, index) => ((index + 1) * end) / SAMPLES);
  const isParted = (time: number): boolean =>
    faults.length === 2 && time > (faults[0]?.at ?? 0) && time < (faults[1]?.at ?? 0);
  const shown = Array.from(
    { length: Math.min(100, peers) },
    (_, row) => completionSeconds[(row * 37) % completionSeconds.length] ?? end,
  );
  return {
    at,
    uplinkUse: at.map((time) => (isParted(time) ? 0.55 : 0.93) * Math.min(1, time / 4) + random() * 0.05),
    availabilityMin: at.map((time) => Math.max(1, Math.floor((peers * (time - 12)) / end))),
    availabilityMean: at.map((time) => 1 + (peers * time) / end),
    finishedPeers: at.map((time) => completionSeconds.filter((seconds) => seconds <= time).length),
    livingPeers: at.map(() => peers + 1),
    progress: shown.map((done) => at.map((time) => Math.min(1, Math.max(0, (time - 1 - random()) / (done - 1))))),
    overlay: at.map((time) => ({
      at: time,
      meanDegree: Math.min(40, 8 + time * 4),
      maxDegree: 60,
      diameter: time < 5 ? 5 : 3,
      meanPath: 2.1,
      clustering: 0.05 + 0.2 / (1 + time),
      components: isParted(time) ? 2 : 1,
      largestShare: isParted(time) ? 0.5 : 1,
    })),
    faults,
  };
}

/** A small linear congruential generator: the pictures must be the same every time. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const PIECES = 256;
const FLUID_SECONDS = 60;
const SAMPLES = 120;
