import { EXIT_CODES, formatTable, parseInteger, parsePieceSize } from '@p2p/cli';
import { Command, Option } from 'commander';

import { resolveModelRequest, type ModelChoices } from '../model/model-request.js';
import { renderModelSummary } from '../model/model-summary.js';
import { SCENARIOS } from '../model/scenarios/index.js';
import { SimError } from '../sim-error.js';
import type { SimRuntime } from '../sim-runtime.js';
import { parseSeeds } from '../sweep/seed-list.js';
import { ownSeeds, parseShard, type Shard } from '../sweep/shard.js';
import { argument, settingsOption } from './argument.js';
import { simulate } from './simulate.js';

/** `p2p-sim model`: a swarm of the real code in virtual time. */
export function modelCommand(runtime: SimRuntime, finish: (exitCode: number) => void): Command {
  const integer = (least: number, greatest: number) => argument((text) => parseInteger(text, least, greatest));
  return new Command('model')
    .description('Simulate a swarm of thousands of nodes in virtual time, and compare it with the lower bound.')
    .option('--scenario <id>', 'which scenario; --list shows them')
    .option('--list', 'show the scenarios and their settings, and run none')
    .option('--peers <count>', 'leechers (default: the scenario’s)', integer(1, 100_000))
    .option('--seed <number>', 'the run depends on this and the options alone', integer(0, 2 ** 32 - 1), 1)
    .addOption(
      new Option('--seeds <list>', 'several runs, such as 1..20 or 1..20,1000')
        .argParser(argument(parseSeeds))
        .conflicts('seed'),
    )
    .option(
      '--shard <k/n>',
      'of these only the k-th of n equal shares (default: as Kubernetes or Slurm says)',
      argument(parseShard),
    )
    .option('--pieces <count>', 'pieces of the content (default: the scenario’s)', integer(1, 100_000))
    .option('--piece-size <size>', 'length of a piece (default: the scenario’s)', argument(parsePieceSize))
    .addOption(settingsOption('change a setting of the scenario'))
    .addOption(
      new Option('--link <model>', 'how links are modelled').choices(['chunk', 'fluid', 'ideal']).default('chunk'),
    )
    .addOption(
      new Option('--payload <mode>', 'what blocks are made of: references, or real bytes for up to 100 peers')
        .choices(['refs', 'bytes'])
        .default('refs'),
    )
    .option('--json', 'one line of JSON on stdout')
    .addHelpText('after', EXAMPLES)
    .action(async (flags: ModelFlags) => {
      finish(await model(runtime, flags));
    });
}

/** What commander makes of the options above. */
interface ModelFlags extends Omit<ModelChoices, 'scenario' | 'pieceBytes' | 'linkModel'> {
  readonly scenario?: string;
  readonly list?: boolean;
  readonly pieceSize?: number;
  readonly link: ModelChoices['linkModel'];
  readonly json?: boolean;
  readonly seeds?: readonly number[];
  readonly shard?: Shard;
}

async function model(runtime: SimRuntime, flags: ModelFlags): Promise<number> {
  const { terminal, environment } = runtime;
  if (flags.list === true) {
    terminal.stdout.write(`${renderScenarios()}\n`);
    return EXIT_CODES.done;
  }
  if (flags.scenario === undefined) {
    throw new SimError('bad-option', '--scenario: expected one; p2p-sim model --list shows what there is');
  }
  if (flags.shard !== undefined && flags.seeds === undefined) {
    throw new SimError('bad-option', '--shard: expected --seeds beside it: a single run has no shares');
  }
  const seeds = ownSeeds(flags.seeds ?? [flags.seed], flags.shard, environment);
  let areGood = true;
  for (const seed of seeds) {
    const isGood = await modelOne(runtime, { ...flags, scenario: flags.scenario, seed });
    areGood &&= isGood;
  }
  return areGood ? EXIT_CODES.done : EXIT_CODES.failed;
}

/** Whether everybody finished. */
async function modelOne(runtime: SimRuntime, flags: ModelFlags & { readonly scenario: string }): Promise<boolean> {
  const { terminal } = runtime;
  const { link, pieceSize, seeds: _, shard: __, ...rest } = flags;
  const request = resolveModelRequest({ ...rest, linkModel: link, pieceBytes: pieceSize });
  const result = await simulate(request, runtime);
  terminal.stdout.write(`${flags.json === true ? JSON.stringify(result) : renderModelSummary(result)}\n`);
  return result.incomplete === 0;
}

function renderScenarios(): string {
  return SCENARIOS.map(({ id, title, defaults, settings }) => {
    const rows = Object.entries(settings).map(([name, { value, meaning }]) => [`    ${name}=${value}`, meaning]);
    const { peers, pieces, pieceBytes, link } = defaults;
    const table = rows.length === 0 ? '' : `\n${formatTable(rows)}`;
    return `${id}  ${title}\n    ${peers} leechers, ${pieces} pieces of ${pieceBytes / 1_024} KiB, ${link === undefined ? 'links of its own' : `${link} links`}${table}`;
  }).join('\n');
}

const EXAMPLES = `
Examples:
  $ p2p-sim model --list
  $ p2p-sim model --scenario S01 --peers 100 --seed 7
  $ p2p-sim model --scenario S01 --peers 1000 --set link=fibre --json | jq .ratio
  $ p2p-sim model --scenario S01 --seeds 1..20 --shard 1/4 --json > shard-1.jsonl`;
