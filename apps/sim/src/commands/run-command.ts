import { EXIT_CODES, parseDuration, parseInteger, parsePieceSize, parseRate, parseSize } from '@p2p/cli';
import { Command } from 'commander';

import { createDisplay } from '../run/display.js';
import { DEFAULT_RUN_OPTIONS, resolveRunOptions } from '../run/run-options.js';
import { runSwarm } from '../run/run-swarm.js';
import { renderSummary } from '../run/summary.js';
import type { SimRuntime } from '../sim-runtime.js';
import { argument } from './argument.js';

/** `p2p-sim run`: real node processes on this machine. */
export function runCommand(runtime: SimRuntime, finish: (exitCode: number) => void): Command {
  const integer = (least: number, greatest: number) => argument((text) => parseInteger(text, least, greatest));
  return new Command('run')
    .description('Share a file among real node processes on this machine, verify every copy, and measure.')
    .requiredOption('--peers <count>', 'all nodes together, seeders included (2 to 500)', integer(0, 1e6))
    .requiredOption('--size <size>', 'length of the file, such as 256MiB', argument(parseSize))
    .option('--piece-size <size>', 'length of a piece (default: the node chooses)', argument(parsePieceSize))
    .option('--seeders <count>', 'how many nodes have the file at the start', integer(0, 1e6), 1)
    .option('--bootstrap-only', 'tell each node the first seeder’s address and no other (the default)')
    .option('--no-bootstrap-only', 'also tell each node the addresses of all nodes started before it')
    .option('--limit-up <rate>', 'what each node may send, such as 2MiB', argument(parseRate))
    .option('--limit-down <rate>', 'what each node may receive', argument(parseRate))
    .option('--seed <number>', 'the file’s bytes depend on this alone', integer(0, 2 ** 32 - 1), 1)
    .option('--stall-timeout <time>', 'give up when nothing moves for this long', argument(parseDuration), 60)
    .option('--work-dir <folder>', 'where copies are made (default: in memory if they fit, else the temporary folder)')
    .option('--keep', 'leave the folder with all copies in place')
    .option('--json', 'one line of JSON on stdout, everything else on stderr')
    .addHelpText('after', EXAMPLES)
    .action(async (flags: RunFlags) => {
      finish(await run(runtime, flags));
    });
}

/** What commander makes of the options above. */
interface RunFlags {
  readonly peers: number;
  readonly size: number;
  readonly pieceSize?: number;
  readonly seeders: number;
  readonly bootstrapOnly: boolean;
  readonly limitUp?: number;
  readonly limitDown?: number;
  readonly seed: number;
  readonly stallTimeout: number;
  readonly workDir?: string;
  readonly keep?: boolean;
  readonly json?: boolean;
}

async function run(runtime: SimRuntime, flags: RunFlags): Promise<number> {
  const options = resolveRunOptions({
    ...DEFAULT_RUN_OPTIONS,
    nodeCount: flags.peers,
    seederCount: flags.seeders,
    lengthBytes: flags.size,
    pieceLengthBytes: flags.pieceSize,
    isBootstrapOnly: flags.bootstrapOnly,
    uploadBytesPerSecond: flags.limitUp,
    downloadBytesPerSecond: flags.limitDown,
    seed: flags.seed,
    keepsFiles: flags.keep === true,
    workFolder: flags.workDir,
    stallTimeoutMs: flags.stallTimeout * 1000,
  });
  const { terminal, interruption, cleanUp, platform } = runtime;
  const outcome = await runSwarm(
    {
      program: runtime.findNodeProgram(),
      display: createDisplay(flags.json ? terminal.stderr : terminal.stdout),
      interrupted: interruption.signal,
      cleanUp,
      platform,
      seconds: () => terminal.now() / 1000,
    },
    options,
  );
  const report = flags.json ? JSON.stringify(outcome.result) : `\n${renderSummary(outcome.result)}`;
  terminal.stdout.write(`${report}\n`);
  if (outcome.keptFolder !== undefined) terminal.stderr.write(`The copies are in ${outcome.keptFolder}\n`);
  for (const problem of outcome.problems) terminal.stderr.write(`p2p-sim: ${problem}\n`);
  return outcome.problems.length === 0 ? EXIT_CODES.done : EXIT_CODES.failed;
}

const EXAMPLES = `
Examples:
  $ p2p-sim run --peers 16 --size 128MiB
  $ p2p-sim run --peers 8 --size 32MiB --limit-up 2MiB --json | jq .ratioMax

--peers 16 is one seeder and fifteen leechers; with --seeders 2, two and fourteen.`;
