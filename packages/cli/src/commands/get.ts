import type { Command } from 'commander';

import type { CommandHost } from '../command-host.js';
import { addNodeOptions, addOutputOptions, allOptions, checked, nodeSettings, option } from '../options.js';
import { parseSource } from '../parse-source.js';
import { parseDuration, parsePath, parseRatio } from '../parse-values.js';
import type { Source } from '../runtime.js';

/** `get SOURCE` */
export function addGetCommand(program: Command, host: CommandHost): void {
  const command = program
    .command('get')
    .description('download, verify, then keep sharing; takes up what an earlier run has left')
    .argument('<source>', 'a magnet link, a .torrent file, or HOST:PORT of a peer', checked(parseSource))
    .addOption(option('--out <folder>', 'where to put it (default: the current folder)', parsePath))
    .option('--exit', 'leave when complete')
    .addOption(option('--seed-ratio <ratio>', 'leave when this many copies were uploaded, such as 1.5', parseRatio))
    .addOption(option('--seed-time <time>', 'leave this long after completion, such as 90s, 10m or 2h', parseDuration))
    .option('--sequential', 'fetch in order, to watch while it arrives')
    .option('--force', 'replace a different file that is in the way');
  addOutputOptions(addNodeOptions(command)).addHelpText('after', EXAMPLES);
  command.action(async (source: Source) => {
    await host.perform(command, async (context) => {
      const options = allOptions(command);
      await host.runtime.get(
        {
          ...nodeSettings(options),
          source,
          out: options.out ?? '.',
          exitWhenComplete: options.exit === true,
          ...(options.seedRatio === undefined ? {} : { seedRatio: options.seedRatio }),
          ...(options.seedTime === undefined ? {} : { seedSeconds: options.seedTime }),
          isSequential: options.sequential === true,
          overwrite: options.force === true,
        },
        context,
      );
    });
  });
}

const EXAMPLES = `
Examples:
  $ p2p-peer get 192.168.1.5:6881
  $ p2p-peer get 'magnet:?xt=urn:btih:…&x.pe=192.168.1.5:6881' --out Downloads --exit
  $ p2p-peer get holiday.torrent --peer 192.168.1.5:6881 --seed-ratio 2`;
