import { printable } from '@p2p/wire';
import type { Command } from 'commander';

import { CliError } from '../cli-error.js';
import type { CommandHost } from '../command-host.js';
import { formatCount, formatRanges } from '../format.js';
import { addOutputOptions, checked } from '../options.js';
import { parsePath } from '../parse-values.js';
import type { VerifyReport } from '../runtime.js';

/** `verify FILE PATH` */
export function addVerifyCommand(program: Command, host: CommandHost): void {
  const command = program
    .command('verify')
    .description('compare a file or folder with its .torrent file; names the bad pieces')
    .argument('<file>', 'the .torrent file', checked(parsePath))
    .argument('<path>', 'the file or folder it describes', checked(parsePath));
  addOutputOptions(command).addHelpText('after', EXAMPLES);
  command.action(async (torrentPath: string, path: string) => {
    await host.perform(command, async (context) => {
      const report = await host.runtime.verify({ torrentPath, path }, context);
      if (report.complete === undefined) throw new CliError('bad-pieces', badPiecesMessage(path, report));
      const { length, sha1 } = report.complete;
      const text = `${printable(path, Infinity)}: all ${formatCount(report.pieceCount, 'piece')} right, ${length} bytes\nSHA-1 ${sha1}`;
      context.report([report.complete], text);
    });
  });
}

/** Names the bad pieces, as ranges, and the files that are wrong. */
function badPiecesMessage(path: string, { badPieces, badFiles, pieceCount }: VerifyReport): string {
  const pieces = `${badPieces.length} of ${formatCount(pieceCount, 'piece')} missing or wrong`;
  const files = badFiles.slice(0, MAX_FILES_NAMED).map((file) => `  ${printable(file.path, Infinity)}: ${file.reason}`);
  const hiddenCount = badFiles.length - files.length;
  return [
    badPieces.length > 0
      ? `${path}: ${pieces}: ${formatRanges(badPieces)}`
      : `${path}: every piece is right, but not every file`,
    ...files,
    ...(hiddenCount > 0 ? [`  and ${formatCount(hiddenCount, 'more file')}`] : []),
    'To mend it, fetch it again to the same place with p2p-peer get --force.',
  ].join('\n');
}

const MAX_FILES_NAMED = 20;

const EXAMPLES = `
Example:
  $ p2p-peer verify photos.torrent Downloads/photos`;
