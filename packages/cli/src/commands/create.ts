import { printable } from '@p2p/wire';
import type { Command } from 'commander';

import { CliError } from '../cli-error.js';
import type { CommandHost } from '../command-host.js';
import { addOutputOptions, allOptions, checked, option, pieceSizeOption } from '../options.js';
import { parseName, parsePath } from '../parse-values.js';
import { summaryEvents, summaryText } from './info.js';

/** `create PATH -o FILE` */
export function addCreateCommand(program: Command, host: CommandHost): void {
  const command = program
    .command('create')
    .description('write a .torrent file for a file or folder')
    .argument('<path>', 'the file or folder', checked(parsePath))
    .addOption(option('-o, --out <file>', 'the .torrent file to write, not in the folder it describes', parsePath))
    .addOption(pieceSizeOption())
    .addOption(
      option('--name <name>', 'the name to suggest to others (default: the name of the file or folder)', parseName),
    )
    .option('--private', 'keep peers from telling others about each other (BEP 27)')
    .option('--force', 'replace FILE if it exists');
  addOutputOptions(command).addHelpText('after', EXAMPLES);
  command.action(async (path: string) => {
    await host.perform(command, async (context) => {
      const options = allOptions(command);
      const { out } = options;
      if (out === undefined) throw new CliError('usage', 'say where to write the .torrent file: -o FILE');
      const summary = await host.runtime.create(
        {
          path,
          out,
          ...(options.pieceSize === undefined ? {} : { pieceBytes: options.pieceSize }),
          ...(options.name === undefined ? {} : { name: options.name }),
          isPrivate: options.private === true,
          overwrite: options.force === true,
        },
        context,
      );
      context.report(summaryEvents(summary), `${summaryText(summary)}\nWritten to ${printable(out, Infinity)}`);
    });
  });
}

const EXAMPLES = `
Example:
  $ p2p-peer create photos/ -o photos.torrent --piece-size 1MiB`;
