import { type CommandContext, CliError } from '@p2p/cli';
import { openFilePieceStore, StorageError } from '@p2p/storage';
import { type PeerAddress, toHex } from '@p2p/wire';

import { Deferred, untilAborted } from './deferred.js';
import { magnetOf } from './describe-metainfo.js';
import type { HostedSwarm } from './hosted-swarm.js';
import { liesWithin } from './lies-within.js';
import { makeMetainfo } from './make-metainfo.js';
import type { NodeSession } from './node-session.js';
import { readTorrentFile } from './read-torrent-file.js';
import { findTorrentOutput } from './torrent-output.js';
import { writeAtomically } from './write-atomically.js';

/** What to share, and with whom to begin. */
export interface SharePlan {
  readonly paths: readonly string[];
  readonly pieceBytes?: number;
  /** Where to write the .torrent file of the only path. */
  readonly torrentOut?: string;
  readonly peers: readonly PeerAddress[];
  /** The node's own: it must not be a part of what is shared. */
  readonly stateFolder: string;
}

/**
 * Shares files and folders until the signal comes.
 *
 * @throws {CliError} `refused` if the state folder lies in what is to be shared
 * @throws {StorageError} `not-found`, `changed`, ... when nothing is left to share: all of it was deleted or changed meanwhile
 */
export async function shareContent(plan: SharePlan, session: NodeSession, context: CommandContext): Promise<void> {
  for (const path of plan.paths) await refuseOwnState(path, plan.stateFolder);
  const shared = new Set<string>();
  const swarms: HostedSwarm[] = [];
  for (const path of plan.paths) swarms.push(await sharePath(path, plan, { session, context, shared }));
  session.reportProgress();
  await Promise.race([untilAborted(context.signal), untilAllLost(swarms, session, context)]);
}

/** It changes while the node runs, so nobody could fetch it; and which peers somebody knows is nobody else's business. */
async function refuseOwnState(path: string, stateFolder: string): Promise<void> {
  if (!(await liesWithin(stateFolder, path))) return;
  throw new CliError(
    'refused',
    `the state folder ${stateFolder} lies in ${path}, and would be shared with it; name another with --state-dir`,
  );
}

/** What is lost is no longer offered; rejects with the last of it. */
async function untilAllLost(
  swarms: readonly HostedSwarm[],
  session: NodeSession,
  context: CommandContext,
): Promise<never> {
  const allLost = new Deferred<never>();
  let left = swarms.length;
  for (const hosted of swarms) {
    hosted.lost.catch((error: unknown) => {
      const loss = error instanceof Error ? error : new Error(String(error));
      left -= 1;
      if (left === 0) {
        allLost.reject(loss);
        return;
      }
      context.emit({ kind: 'error', code: loss instanceof StorageError ? loss.code : 'failed', message: loss.message });
      session.drop(hosted);
    });
  }
  return allLost.promise;
}

interface SharingParts {
  readonly session: NodeSession;
  readonly context: CommandContext;
  /** Info-hashes, in hex. */
  readonly shared: Set<string>;
}

async function sharePath(
  path: string,
  plan: SharePlan,
  { session, context, shared }: SharingParts,
): Promise<HostedSwarm> {
  const { torrentOut } = plan;
  if (torrentOut !== undefined) await findTorrentOutput(torrentOut, path);
  const made = await makeMetainfo(path, { pieceLength: plan.pieceBytes }, context);
  const { metainfo, torrentBytes, contentPaths, skippedLinks } = made;
  const infoHash = toHex(metainfo.infoHash);
  for (const link of skippedLinks) context.log('warn', `${link} is a symbolic link; it is not shared`);
  if (shared.has(infoHash))
    throw new CliError('usage', `${path} is the same content as a path before it; name it once`);
  shared.add(infoHash);
  if (torrentOut !== undefined) await writeTorrent(torrentOut, torrentBytes, context.signal);
  const store = await openFilePieceStore(metainfo, {
    path,
    contentPaths,
    assumeComplete: true,
    worker: session.worker,
  });
  const hosted = await session.host({ infoHash: metainfo.infoHash, peers: plan.peers }, store);
  context.emit({
    kind: 'sharing',
    name: metainfo.name,
    length: metainfo.layout.totalBytes,
    infoHash,
    magnet: magnetOf(metainfo, [session.address]),
  });
  return hosted;
}

/** Sharing again replaces the .torrent file of the last time, but never a file of another kind. */
async function writeTorrent(path: string, torrentBytes: Uint8Array, signal: AbortSignal): Promise<void> {
  if (!(await isReplaceable(path, signal))) {
    throw new CliError('refused', `${path} exists and is not a .torrent file; choose another name for --torrent-out`);
  }
  await writeAtomically(path, torrentBytes);
}

async function isReplaceable(path: string, signal: AbortSignal): Promise<boolean> {
  try {
    await readTorrentFile(path, signal);
    return true;
  } catch (error) {
    return error instanceof CliError && error.code === 'not-found';
  }
}
