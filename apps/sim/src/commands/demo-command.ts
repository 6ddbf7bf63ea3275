import { EXIT_CODES, formatBytes, formatCount, formatRate, parseSize } from '@p2p/cli';
import { Command, Option } from 'commander';

import { createDisplay } from '../run/display.js';
import type { RunResult } from '../run/result.js';
import { resolveRunOptions } from '../run/run-options.js';
import { runSwarm } from '../run/run-swarm.js';
import type { RunOutcome } from '../run/run-swarm.js';
import type { SimRuntime } from '../sim-runtime.js';
import { argument } from './argument.js';

/** `p2p-sim demo`: the main job, for somebody who sees it for the first time. */
export function demoCommand(runtime: SimRuntime, finish: (exitCode: number) => void): Command {
  return new Command('demo')
    .description('Watch a file travel from one seeder to three peers, each a process of its own.')
    .addOption(
      new Option('--size <size>', 'length of the file').argParser(argument(parseSize)).default(64 * 2 ** 20, '64MiB'),
    )
    .option('--full-speed', `do not hold each node to ${formatRate(DEMO_BYTES_PER_SECOND)} of upload`)
    .addHelpText('after', EXAMPLES)
    .action(async (flags: { readonly size: number; readonly fullSpeed?: boolean }) => {
      finish(await demo(runtime, flags.size, flags.fullSpeed === true));
    });
}

async function demo(runtime: SimRuntime, lengthBytes: number, isFullSpeed: boolean): Promise<number> {
  const { terminal, interruption, cleanUp, platform } = runtime;
  const uploadBytesPerSecond = isFullSpeed ? undefined : DEMO_BYTES_PER_SECOND;
  const options = resolveRunOptions({ nodeCount: 1 + DEMO_LEECHERS, lengthBytes, uploadBytesPerSecond });
  const program = runtime.findNodeProgram();
  const display = createDisplay(terminal.stdout);
  display.note(introduction(lengthBytes, uploadBytesPerSecond));
  const outcome = await runSwarm(
    {
      program,
      display,
      interrupted: interruption.signal,
      cleanUp,
      platform,
      seconds: () => terminal.now() / 1000,
    },
    options,
  );
  terminal.stdout.write(outcome.problems.length === 0 ? farewell(outcome.result) : '');
  for (const problem of outcome.problems) terminal.stderr.write(`p2p-sim: ${problem}\n`);
  return exitCodeOf(outcome);
}

function exitCodeOf({ problems, result }: RunOutcome): number {
  return problems.length === 0 && result.verified === DEMO_LEECHERS ? EXIT_CODES.done : EXIT_CODES.failed;
}

function introduction(lengthBytes: number, limit: number | undefined): string {
  const pace = limit === undefined ? '' : ` Each sends at most ${formatRate(limit)}, so that you can watch.`;
  return `One seeder has a file of ${formatBytes(lengthBytes)}; three peers want it. Each is a process of its own,
and each peer knows only the seeder's address: it finds the others through it.${pace}`;
}

function farewell(result: RunResult): string {
  const took = result.maxSeconds === null ? '' : ` in ${result.maxSeconds.toFixed(1)} s`;
  // Limits admit a second's worth at once, so that a small file may even beat the bound: then it says nothing.
  const isBoundTelling = result.boundSeconds !== null && (result.ratioMax ?? 0) >= 1;
  const bound = isBoundTelling ? ` (these rates allow no less than ${result.boundSeconds} s)` : '';
  const links = formatCount(result.pexLinks, 'connection');
  return `
✔ ${result.verified} copies complete${took}${bound}; each read back from disk: same SHA-1 as the original.
${giversOf(result)}  The peers found each other through the seeder: ${links} that nobody told them of.
  All processes have ended and all files are gone.

Try next:
  node apps/sim/dist/main.js run --peers 16 --size 128MiB    sixteen nodes, with figures
  node apps/peer/dist/main.cjs share FILE                    share a file of yours; prints a magnet link
  node apps/peer/dist/main.cjs get MAGNET                    fetch it, from another terminal or machine
`;
}

/** Who gave how much; nothing if the nodes did not say. */
function giversOf({ nodes, length }: RunResult): string {
  if (nodes.some(({ uploaded }) => uploaded === null)) return '';
  const lines = nodes.map(({ name, uploaded }) => {
    const given = uploaded ?? 0;
    return `  ${name.padEnd(9)} gave ${formatBytes(given).padStart(8)}, ${(given / length).toFixed(2)} times the file\n`;
  });
  return lines.join('');
}

const DEMO_LEECHERS = 3;
/** 64 MiB then take at least 4 s. */
const DEMO_BYTES_PER_SECOND = 16 * 2 ** 20;

const EXAMPLES = `
Examples:
  $ p2p-sim demo
  $ p2p-sim demo --size 1GiB --full-speed`;
