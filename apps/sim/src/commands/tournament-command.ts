import { EXIT_CODES, formatTable, parseInteger } from '@p2p/cli';
import { CHOKER_RULES } from '@p2p/swarm';
import { Command } from 'commander';

import { resolveModelRequest } from '../model/model-request.js';
import type { ModelResult } from '../model/model-result.js';
import { overall, standings, type Standing } from '../model/tournament.js';
import type { SimRuntime } from '../sim-runtime.js';
import { parseSeeds } from '../sweep/seed-list.js';
import { argument, settingsOption } from './argument.js';
import { simulate } from './simulate.js';

/** `p2p-sim tournament`: the rules of the choker against each other. */
export function tournamentCommand(runtime: SimRuntime, finish: (exitCode: number) => void): Command {
  const integer = (least: number, greatest: number) => argument((text) => parseInteger(text, least, greatest));
  return new Command('tournament')
    .description('Simulate the same swarms with each rule of the choker, and rank the rules.')
    .option('--scenarios <list>', 'ids, with commas between', (text) => text.split(','), [...SCENARIOS])
    .option('--peers <count>', 'leechers of each swarm', integer(1, 10_000), 32)
    .option('--pieces <count>', 'pieces of the content', integer(1, 100_000), 128)
    .option('--seeds <list>', 'such as 1..3 or 1,7', argument(parseSeeds), [1, 2, 3])
    .addOption(settingsOption('a setting of every scenario'))
    .option('--json', 'one line of JSON for each run on stdout, for p2p-sim report; the table goes to stderr')
    .addHelpText('after', EXAMPLES)
    .action(async (flags: TournamentFlags) => {
      finish(await tournament(runtime, flags));
    });
}

interface TournamentFlags {
  readonly scenarios: readonly string[];
  readonly peers: number;
  readonly pieces: number;
  readonly seeds: readonly number[];
  readonly set: readonly string[];
  readonly json?: boolean;
}

async function tournament(runtime: SimRuntime, flags: TournamentFlags): Promise<number> {
  const { stdout, stderr } = runtime.terminal;
  const requests = flags.scenarios.map((scenario) => requestsOf(scenario, flags));
  const results: ModelResult[][] = [];
  for (const own of requests) {
    const finished: ModelResult[] = [];
    for (const request of own) {
      const result = await simulate(request, runtime);
      if (flags.json === true) stdout.write(`${JSON.stringify(result)}\n`);
      finished.push(result);
    }
    results.push(finished);
  }
  (flags.json === true ? stderr : stdout).write(`${renderTable(flags.scenarios, results.map(standings))}\n`);
  const isGood = results.flat().every(({ incomplete }) => incomplete === 0);
  return isGood ? EXIT_CODES.done : EXIT_CODES.failed;
}

/** All runs of one scenario; what is wrong with the command line is found before the first begins. */
function requestsOf(scenario: string, { peers, pieces, seeds, set }: TournamentFlags) {
  return CHOKER_RULES.flatMap((choker) =>
    seeds.map((seed) =>
      resolveModelRequest({
        scenario,
        seed,
        peers,
        pieces,
        linkModel: 'chunk',
        payload: 'refs',
        set: [...set, `choker=${choker}`],
      }),
    ),
  );
}

function renderTable(scenarios: readonly string[], tables: readonly (readonly Standing[])[]): string {
  const header = ['choker', ...scenarios, 'sum of ranks'];
  const rows = overall(tables).map(({ choker, ranks }) => [
    choker,
    ...tables.map((table) => cell(table, choker)),
    String(ranks),
  ]);
  return `${formatTable([header, ...rows])}\n${LEGEND}`;
}

function cell(table: readonly Standing[], choker: string): string {
  const rank = table.findIndex((standing) => standing.choker === choker);
  const standing = table[rank];
  if (standing === undefined) return '';
  const fault = standing.unfair === 0 ? '' : ' !';
  return `${standing.p50.toFixed(3)} / ${standing.max.toFixed(3)} (${rank + 1})${fault}`;
}

/** A flash crowd, uplinks that bound it, classes of links, free riders, thieves. */
const SCENARIOS = ['S01', 'S02', 'S04', 'S05', 'S10'];

const LEGEND =
  'Completion of the median and of the last honest peer over the bound, medians over the seeds, and the rank by the last peer.\n' +
  '!: in some run a free rider was done before the median honest peer.';

const EXAMPLES = `
Examples:
  $ p2p-sim tournament
  $ p2p-sim tournament --peers 100 --seeds 1..5 --set uploadSlots=4
  $ p2p-sim tournament --json > results.jsonl && p2p-sim report results.jsonl -o report.html`;
