import type { Command } from 'commander';

import type { CommandHost } from '../command-host.js';
import {
  addNodeOptions,
  addOutputOptions,
  allOptions,
  gatherPaths,
  nodeSettings,
  option,
  pieceSizeOption,
} from '../options.js';
import { parsePath } from '../parse-values.js';
import { CliError } from '../cli-error.js';

/** `share PATH…` */
export function addShareCommand(program: Command, host: CommandHost): void {
  const command = program
    .command('share')
    .description('share files or folders until stopped; prints a magnet link for each')
    .argument('<path...>', 'files or folders', gatherPaths)
    .addOption(pieceSizeOption())
    .addOption(
      option('--torrent-out <file>', 'also write the .torrent file, not in what is shared (one path only)', parsePath),
    );
  addOutputOptions(addNodeOptions(command)).addHelpText('after', EXAMPLES);
  command.action(async (paths: string[]) => {
    await host.perform(command, async (context) => {
      const options = allOptions(command);
      if (options.torrentOut !== undefined && paths.length > 1) {
        throw new CliError('usage', '--torrent-out takes one path to share; write the others with p2p-peer create');
      }
      await host.runtime.share(
        {
          ...nodeSettings(options),
          paths,
          ...(options.pieceSize === undefined ? {} : { pieceBytes: options.pieceSize }),
          ...(options.torrentOut === undefined ? {} : { torrentOut: options.torrentOut }),
        },
        context,
      );
    });
  });
}

const EXAMPLES = `
Examples:
  $ p2p-peer share holiday.mp4
  $ p2p-peer share --port 7001 --limit-up 2MiB photos/ notes.pdf`;
