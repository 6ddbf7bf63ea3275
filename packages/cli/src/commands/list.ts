import { type PeerAddress, printable } from '@p2p/wire';
import type { Command } from 'commander';

import type { CommandHost } from '../command-host.js';
import { formatBytes, formatCount } from '../format.js';
import type { SharingEvent } from '../node-event.js';
import { addOutputOptions, allOptions, bindOption, checked } from '../options.js';
import { parseAddress } from '../parse-source.js';

/** `list HOST:PORT` */
export function addListCommand(program: Command, host: CommandHost): void {
  const command = program
    .command('list')
    .description('what a peer shares')
    .argument('<host:port>', 'the peer', checked(parseAddress))
    .addOption(bindOption());
  addOutputOptions(command).addHelpText('after', EXAMPLES);
  command.action(async (address: PeerAddress) => {
    await host.perform(command, async (context) => {
      const { bind } = allOptions(command);
      const shares = await host.runtime.list({ address, ...(bind === undefined ? {} : { bind }) }, context);
      context.report(shares, sharesText(shares));
    });
  });
}

/** The words for what a peer shares, and how to choose from it; names are made safe to print. */
export function sharesText(shares: readonly SharingEvent[]): string {
  if (shares.length === 0) return 'That peer lists nothing.';
  const entries = shares.map(
    ({ name, length, magnet }) => `${printable(name)}  ${formatBytes(length)}\n  ${printable(magnet, Infinity)}`,
  );
  return [...entries, '', `${formatCount(shares.length, 'share')}; fetch one with: p2p-peer get 'MAGNET-LINK'`].join(
    '\n',
  );
}

const EXAMPLES = `
Example:
  $ p2p-peer list 192.168.1.5:6881`;
