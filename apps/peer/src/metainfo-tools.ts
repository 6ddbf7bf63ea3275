import { resolve } from 'node:path';

import {
  CliError,
  type CommandContext,
  type CreateRequest,
  type TorrentSource,
  type TorrentSummary,
  type VerifyReport,
  type VerifyRequest,
} from '@p2p/cli';
import { verifyFile } from '@p2p/storage';
import { formatMagnet, toHex } from '@p2p/wire';

import { summaryOf } from './describe-metainfo.js';
import { makeMetainfo } from './make-metainfo.js';
import { readTorrentFile } from './read-torrent-file.js';
import { findTorrentOutput } from './torrent-output.js';
import { writeAtomically } from './write-atomically.js';

/** `create`: writes a .torrent file. @throws {CliError} `refused` if something is there that may not be replaced */
export async function createTorrent(request: CreateRequest, context: CommandContext): Promise<TorrentSummary> {
  const { path, out, pieceBytes, name, isPrivate, overwrite } = request;
  const destination = await findTorrentOutput(out, path);
  if (!overwrite && destination.mode !== undefined) {
    throw new CliError('refused', `${out} exists; choose another name, or replace it with --force`);
  }
  const choices = { pieceLength: pieceBytes, name, isPrivate };
  const { metainfo, torrentBytes, skippedLinks } = await makeMetainfo(path, choices, context);
  for (const link of skippedLinks) context.log('warn', `${link} is a symbolic link; it was left out`);
  await writeAtomically(out, torrentBytes);
  return summaryOf(metainfo);
}

/** `info`: what a .torrent file or a magnet link says. */
export async function describeTorrent(source: TorrentSource, { signal }: CommandContext): Promise<TorrentSummary> {
  if (source.kind === 'torrentFile') {
    return summaryOf((await readTorrentFile(source.path, signal, 'no magnet link')).metainfo);
  }
  const { magnet } = source;
  const { name, length } = magnet;
  return {
    infoHash: toHex(magnet.infoHash),
    magnet: formatMagnet(magnet),
    ...(name === undefined ? {} : { name }),
    ...(length === undefined ? {} : { length }),
    files: [],
    peers: magnet.peers,
  };
}

/** `verify`: compares what lies at a path with a .torrent file. */
export async function verifyContent(request: VerifyRequest, context: CommandContext): Promise<VerifyReport> {
  const startedMs = performance.now();
  const { signal } = context;
  const { metainfo } = await readTorrentFile(request.torrentPath, signal);
  const { badPieces, badFiles, sha1 } = await verifyFile(metainfo, request.path, {
    signal,
    onProgress: (bytes, total) => {
      context.emit({ kind: 'checking', name: request.path, bytes, total });
    },
  });
  const { pieceCount, totalBytes: length } = metainfo.layout;
  if (sha1 === undefined) return { pieceCount, badPieces, badFiles };
  const seconds = (performance.now() - startedMs) / 1000;
  const path = resolve(request.path);
  const bytesPerSecond = length / seconds;
  return {
    pieceCount,
    badPieces,
    badFiles: [],
    complete: { kind: 'complete', path, length, sha1: toHex(sha1), seconds, bytesPerSecond },
  };
}
