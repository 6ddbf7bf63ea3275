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
import { openFilePieceStore, verifyFile } from '@p2p/storage';
import { formatMagnet, type Metainfo, toHex } from '@p2p/wire';

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
  const { isRight, badPieces, badFiles, contentPaths, sha1 } = await verifyFile(metainfo, request.path, {
    signal,
    onProgress: (bytes, total) => {
      context.emit({ kind: 'checking', name: request.path, bytes, total });
    },
  });
  const { pieceCount, totalBytes: length } = metainfo.layout;
  if (!isRight) return { pieceCount, badPieces, badFiles };
  const wholeSha1 = sha1 ?? (await folderSha1(metainfo, { path: request.path, contentPaths, signal }));
  const seconds = (performance.now() - startedMs) / 1000;
  const path = resolve(request.path);
  const bytesPerSecond = length / seconds;
  return {
    pieceCount,
    badPieces,
    badFiles: [],
    complete: { kind: 'complete', path, length, sha1: toHex(wholeSha1), seconds, bytesPerSecond },
  };
}

interface VerifiedFolder {
  readonly path: string;
  readonly contentPaths: readonly string[];
  readonly signal: AbortSignal;
}

/** The SHA-1 of all files one after the other, where they were verified before. */
async function folderSha1(metainfo: Metainfo, { path, contentPaths, signal }: VerifiedFolder): Promise<Uint8Array> {
  const store = await openFilePieceStore(metainfo, { path, contentPaths, assumeComplete: true });
  try {
    return await store.wholeSha1({ signal });
  } finally {
    await store.close();
  }
}
