/**
 * What the scheduler costs with as many pieces and peers as there may be: percentiles of each call, in microseconds.
 *
 *   esbuild bench/piece-picker.bench.ts --bundle --platform=node --format=esm --conditions=@p2p/source \
 *     --outfile=/tmp/piece-picker.bench.mjs && node /tmp/piece-picker.bench.mjs
 *
 * `pnpm bench huge` runs it with --json: the percentiles of the largest scenarios as one line of figures.
 *
 * A download in miniature: a peer is asked for a few blocks, they come, complete pieces are stored at once, and now and
 * then a peer tells of a piece. Only the calls themselves are timed.
 */
import { Bitfield, BLOCK_BYTES, PieceLayout } from '@p2p/wire';

import { BlockScheduler } from '../src/core/pieces/block-scheduler.js';
import { SeededRandom } from '../src/testing/seeded-random.js';

interface Scenario {
  readonly name: string;
  readonly pieceCount: number;
  readonly seeds: number;
  /** Share of the pieces that each of the other peers has. */
  readonly shares: readonly number[];
}

const BLOCKS_PER_PIECE = 4;
/** So many that what ran before it was compiled is well below the percent that p99 leaves out: a real download of such size asks more often. */
const ROUNDS = 200_000;

const SCENARIOS: readonly Scenario[] = [1_600_000, 16_384].flatMap((pieceCount) => [
  { name: 'all kinds of peers', pieceCount, seeds: 20, shares: Array.from({ length: 180 }, (_, index) => index / 180) },
  { name: 'nobody has much', pieceCount, seeds: 1, shares: Array.from({ length: 199 }, () => 0.001) },
  // The one with nearly everything makes every piece held, so that what the others have is far down the order.
  { name: 'one has nearly all', pieceCount, seeds: 0, shares: [0.999, ...Array.from({ length: 199 }, () => 0.005)] },
]);

function run(scenario: Scenario): Times {
  const random = new SeededRandom(1);
  const layout = new PieceLayout(BLOCKS_PER_PIECE * BLOCK_BYTES, scenario.pieceCount * BLOCKS_PER_PIECE * BLOCK_BYTES);
  const have = new Bitfield(scenario.pieceCount);
  const scheduler = new BlockScheduler(layout, have, random, { order: 'rarest-first', maxUnverifiedBytes: 2 ** 26 });
  const times = new Times();
  const sets = peersOf(scenario, random);
  for (const [session, pieces] of sets.entries()) {
    times.measure('addPeer', () => {
      scheduler.addPeer(session, pieces);
    });
  }
  for (let round = 0; round < ROUNDS && !scheduler.isComplete; round++) {
    const session = random.below(sets.length);
    const count = 1 + random.below(BLOCKS_PER_PIECE);
    const blocks = times.measure('pick', () => scheduler.pick(session, count, { isSnubbed: false, isFast: true }));
    for (const { piece, begin } of blocks) {
      const outcome = times.measure('received', () => scheduler.received(session, piece, begin));
      if (outcome.kind !== 'accepted' || !outcome.isPieceComplete) continue;
      times.measure('pieceStored', () => {
        scheduler.pieceStored(piece);
      });
    }
    const teller = random.below(sets.length);
    const told = layout.pieceIndex(random.below(scenario.pieceCount));
    if (sets[teller]?.set(told) !== true) continue;
    times.measure('peerHas', () => {
      scheduler.peerHas(teller, told);
    });
  }
  return times;
}

function peersOf(scenario: Scenario, random: SeededRandom): Bitfield[] {
  const { pieceCount, seeds, shares } = scenario;
  const full = Array.from({ length: seeds }, () => Bitfield.full(pieceCount));
  return [...full, ...shares.map((share) => randomSet(pieceCount, share, random))];
}

function randomSet(pieceCount: number, share: number, random: SeededRandom): Bitfield {
  const bytes = new Uint8Array(pieceCount / 8);
  for (let index = 0; index < bytes.length; index++) {
    let byte = 0;
    for (let bit = 0; bit < 8; bit++) byte = (byte << 1) | Number(random.uint32() < share * 2 ** 32);
    bytes[index] = byte;
  }
  return Bitfield.fromWire(bytes, pieceCount);
}

class Times {
  readonly #times = new Map<string, number[]>();

  measure<T>(name: string, call: () => T): T {
    const begin = performance.now();
    const result = call();
    const microseconds = (performance.now() - begin) * 1_000;
    const known = this.#times.get(name);
    if (known === undefined) this.#times.set(name, [microseconds]);
    else known.push(microseconds);
    return result;
  }

  /** Microseconds: the value below which this share of a call's times lies. */
  quantile(name: string, share: number): number {
    const times = (this.#times.get(name) ?? []).toSorted((a, b) => a - b);
    return times[Math.floor(share * (times.length - 1))] ?? 0;
  }

  toString(): string {
    return [...this.#times].map(([name, times]) => `  ${name.padEnd(12)}${summary(times)}`).join('\n');
  }
}

function summary(times: number[]): string {
  times.sort((a, b) => a - b);
  const at = (share: number): string => (times[Math.floor(share * (times.length - 1))] ?? 0).toFixed(1).padStart(9);
  return `p50 ${at(0.5)}  p99 ${at(0.99)}  max ${at(1)} µs  (${times.length} calls)`;
}

if (process.argv.includes('--json')) {
  const largest = SCENARIOS.filter(({ pieceCount }) => pieceCount === SCENARIOS[0]?.pieceCount);
  const figures = largest.flatMap((scenario) => {
    const times = run(scenario);
    return [
      ['p50', 0.5],
      ['p99', 0.99],
      ['worst', 1],
    ].map(([name, share]) => ({
      name: `${scenario.name}: pick ${String(name)}`,
      unit: 'µs',
      value: times.quantile('pick', Number(share)),
    }));
  });
  process.stdout.write(`${JSON.stringify(figures)}\n`);
} else {
  for (const scenario of SCENARIOS) {
    const times = run(scenario);
    const peerCount = scenario.seeds + scenario.shares.length;
    process.stdout.write(`${scenario.pieceCount} pieces, ${peerCount} peers, ${scenario.name}\n${times.toString()}\n`);
  }
}
