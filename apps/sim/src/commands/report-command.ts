import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { EXIT_CODES, formatCount } from '@p2p/cli';
import { Command } from 'commander';

import { messageOf, SimError } from '../sim-error.js';
import type { SimRuntime } from '../sim-runtime.js';

/** `p2p-sim report`: pictures of results. */
export function reportCommand({ terminal, interruption }: SimRuntime, finish: (exitCode: number) => void): Command {
  return new Command('report')
    .description('Draw results of model and run as one page that needs no network.')
    .argument('<results...>', 'files of JSON lines, in any order; - is the standard input')
    .option('-o, --out <file>', 'the page', 'report.html')
    .option('--svg <folder>', 'also write each picture as a file of its own')
    .addHelpText('after', EXAMPLES)
    .action(async (names: readonly string[], { out, svg }: { readonly out: string; readonly svg?: string }) => {
      // The plotting library takes a third of a second to load: nobody else waits for it.
      const { drawReport } = await import('../report/draw-report.js');
      const { page, pictures } = await drawReport(names, interruption.signal);
      await writeAll(out, page, svg === undefined ? undefined : { folder: svg, pictures });
      const where = svg === undefined ? '' : `, and ${formatCount(pictures.length, 'picture')} into ${svg}`;
      terminal.stderr.write(`Wrote ${out} with ${formatCount(pictures.length, 'picture')}${where}.\n`);
      finish(EXIT_CODES.done);
    });
}

async function writeAll(
  out: string,
  page: string,
  svg:
    | { readonly folder: string; readonly pictures: readonly { readonly name: string; readonly text: string }[] }
    | undefined,
): Promise<void> {
  try {
    await writeFile(out, page);
    if (svg === undefined) return;
    await mkdir(svg.folder, { recursive: true });
    for (const { name, text } of svg.pictures) await writeFile(join(svg.folder, name), text);
  } catch (error) {
    throw new SimError('bad-option', `the report cannot be written: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

const EXAMPLES = `
Examples:
  $ p2p-sim model --scenario S01 --peers 1000 --seeds 1..20 --json > results.jsonl
  $ p2p-sim report results.jsonl -o report.html
  $ cat shard-*.jsonl | p2p-sim report - --svg pictures`;
