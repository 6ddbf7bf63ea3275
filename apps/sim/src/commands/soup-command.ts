import { availableParallelism } from 'node:os';

import { EXIT_CODES, parseInteger } from '@p2p/cli';
import { Command } from 'commander';

import { SOMETIMES } from '../model/checkers/sometimes.js';
import { runSoupPool, type SeedResult } from '../model/soup/soup-pool.js';
import { describeFailing } from '../model/soup/soup-seed.js';
import type { SimRuntime } from '../sim-runtime.js';
import { parseSeeds } from '../sweep/seed-list.js';
import { ownSeeds, parseShard, type Shard } from '../sweep/shard.js';
import { argument } from './argument.js';
import { LineFile } from './line-file.js';

/** `p2p-sim soup`: small swarms in which everything goes wrong, thousands of them. */
export function soupCommand(runtime: SimRuntime, finish: (exitCode: number) => void): Command {
  return new Command('soup')
    .description('Run small swarms with faults drawn from seeds, and check every invariant.')
    .requiredOption('--seeds <list>', 'which, such as 1000..2000', argument(parseSeeds))
    .option(
      '--jobs <count>',
      'threads (default: one a core)',
      argument((text) => parseInteger(text, 1, 256)),
    )
    .option(
      '--shard <k/n>',
      'of these only the k-th of n equal shares (default: as Kubernetes or Slurm says)',
      argument(parseShard),
    )
    .option('--json <file>', 'append one JSON line for each seed')
    .addHelpText('after', EXAMPLES)
    .action(async (flags: SoupFlags) => {
      finish(await soup(runtime, flags));
    });
}

interface SoupFlags {
  readonly seeds: readonly number[];
  readonly jobs?: number;
  readonly shard?: Shard;
  readonly json?: string;
}

async function soup(runtime: SimRuntime, flags: SoupFlags): Promise<number> {
  const { terminal, environment, interruption } = runtime;
  const seeds = ownSeeds(flags.seeds, flags.shard, environment);
  const tally = new Tally();
  const outcomes = flags.json === undefined ? undefined : new LineFile('--json', flags.json);
  try {
    await runSoupPool(seeds, {
      jobs: flags.jobs ?? availableParallelism(),
      workerFile: new URL('soup-worker.js', import.meta.url),
      interrupted: interruption.signal,
      onResult: (result) => {
        tally.add(result);
        outcomes?.append(JSON.stringify(result.outcome));
        if (result.failing !== undefined) {
          terminal.stdout.write(
            `${describeFailing(result.failing)}\n  for soup-regressions.jsonl: ${JSON.stringify(result.failing)}\n`,
          );
        }
      },
    });
  } finally {
    outcomes?.close();
  }
  if (interruption.signal.aborted) terminal.stdout.write(`interrupted: of ${seeds.length} seeds\n`);
  terminal.stdout.write(`${tally.render()}\n`);
  if (interruption.signal.aborted) return interruption.exitCode() ?? EXIT_CODES.failed;
  return tally.failures === 0 ? EXIT_CODES.done : EXIT_CODES.failed;
}

class Tally {
  failures = 0;
  #runs = 0;
  #events = 0;
  #slowestSeconds = 0;
  readonly #sometimes = new Map<string, number>(SOMETIMES.map((name) => [name, 0]));

  add({ outcome, failing }: SeedResult): void {
    this.#runs += 1;
    this.#events += outcome.events;
    this.#slowestSeconds = Math.max(this.#slowestSeconds, outcome.convergedSeconds ?? 0);
    if (failing !== undefined) this.failures += 1;
    for (const [name, count] of Object.entries(outcome.sometimes)) {
      this.#sometimes.set(name, (this.#sometimes.get(name) ?? 0) + count);
    }
  }

  render(): string {
    const never = [...this.#sometimes].filter(([, count]) => count === 0).map(([name]) => name);
    return [
      `${this.#runs} seeds, ${this.failures} failed; ${this.#events} events; slowest convergence ${this.#slowestSeconds} s after its heal`,
      ...[...this.#sometimes].map(([name, count]) => `  ${name}: ${count}`),
      never.length === 0 ? 'every rare path was walked' : `never happened: ${never.join(', ')}`,
    ].join('\n');
  }
}

const EXAMPLES = `
Examples:
  $ p2p-sim soup --seeds 1000..2000             a thousand worlds over all cores
  $ p2p-sim soup --seeds 1234                   one again

A failing seed is shrunk and printed with the line that test/soup-regressions.jsonl keeps. Exit code 1 if any failed.`;
