import { formatPeerAddress, printable } from '@p2p/wire';
import type { Command } from 'commander';

import type { CommandHost } from '../command-host.js';
import { formatBytes, formatTable } from '../format.js';
import type { NodeEvent } from '../node-event.js';
import { addOutputOptions, checked } from '../options.js';
import { parseTorrentSource } from '../parse-source.js';
import type { TorrentSource, TorrentSummary } from '../runtime.js';

/** `info FILE or MAGNET` */
export function addInfoCommand(program: Command, host: CommandHost): void {
  const command = program
    .command('info')
    .description('what a .torrent file or a magnet link says')
    .argument('<source>', 'a .torrent file or a magnet link', checked(parseTorrentSource));
  addOutputOptions(command).addHelpText('after', EXAMPLES);
  command.action(async (source: TorrentSource) => {
    await host.perform(command, async (context) => {
      const summary = await host.runtime.info(source, context);
      context.report(summaryEvents(summary), [summaryText(summary), ...fileLines(summary)].join('\n'));
    });
  });
}

/** The events that say what metainfo says: `metadata` if it is whole, `torrent`, and a `file` for each. */
export function summaryEvents(summary: TorrentSummary): readonly NodeEvent[] {
  const { metadata, infoHash, magnet, files } = summary;
  const torrent: NodeEvent = {
    kind: 'torrent',
    infoHash,
    magnet,
    name: summary.name ?? null,
    length: summary.length ?? null,
    sha1: summary.sha1 ?? null,
    private: summary.isPrivate ?? null,
    peers: summary.peers.map(formatPeerAddress),
  };
  const fileEvents = files.map(({ path, length }): NodeEvent => ({ kind: 'file', path, length }));
  return [...(metadata ? [metadata] : []), torrent, ...fileEvents];
}

/** The words for metainfo, files only counted; names are made safe to print. */
export function summaryText(summary: TorrentSummary): string {
  const { metadata, files, peers } = summary;
  const rows: [string, string][] = [['Name', printable(summary.name ?? '(not told)')]];
  if (summary.length !== undefined) rows.push(['Size', `${formatBytes(summary.length)} (${summary.length} bytes)`]);
  if (metadata) rows.push(['Pieces', `${metadata.pieces} of ${formatBytes(metadata.pieceLength)}`]);
  rows.push(['Info-hash', summary.infoHash]);
  if (summary.sha1 !== undefined) rows.push(['SHA-1', summary.sha1]);
  if (summary.isPrivate !== undefined) rows.push(['Private', summary.isPrivate ? 'yes' : 'no']);
  if (peers.length > 0) rows.push(['Peers', peers.map(formatPeerAddress).join(', ')]);
  rows.push(['Magnet', summary.magnet]);
  if (files.length > 1) rows.push(['Files', String(files.length)]);
  return formatTable(rows);
}

/** One line for each of several files. */
function fileLines({ files }: TorrentSummary): readonly string[] {
  if (files.length <= 1) return [];
  return [formatTable(files.map((file) => [`  ${formatBytes(file.length)}`, printable(file.path, Infinity)]))];
}

const EXAMPLES = `
Examples:
  $ p2p-peer info photos.torrent
  $ p2p-peer info 'magnet:?xt=urn:btih:…'`;
