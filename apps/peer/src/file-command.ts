import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';

import { type CommandContext, CliError, type FileRequest } from '@p2p/cli';
import type { PeerAddress } from '@p2p/wire';

import { resolveHosts } from './addresses.js';
import { chooseShare, findCatalog } from './choose-share.js';
import { fetchContent, type FetchPlan } from './fetch-content.js';
import type { NodeSession } from './node-session.js';
import { shareContent } from './share-content.js';
import type { PathRecord, StateFolder } from './state-folder.js';

/** What is known about the path of a request before anything is opened. */
export interface FilePlan {
  /** Absolute. */
  readonly path: string;
  readonly peers: readonly PeerAddress[];
  /** Whether peers to fetch from were named, even if none of their names stands for an address. */
  readonly isToFetch: boolean;
  readonly isThere: boolean;
  /** What was fetched to the path before, if something is still there and the list of its pieces is known. */
  readonly record?: PathRecord;
}

/**
 * Looks at the path that the form without a command names.
 *
 * @throws {CliError} `usage` if there is neither a file nor a peer to fetch it from; `not-found` if the names of all peers
 *   stand for no address, and what to fetch is not known from before
 */
export async function planFile(request: FileRequest, state: StateFolder, { log }: CommandContext): Promise<FilePlan> {
  const path = resolve(request.path);
  const isThere = await exists(path);
  if (!isThere && request.peers.length === 0) {
    const message = `${request.path} is not there, and no --peer HOST:PORT says where to fetch it from`;
    throw new CliError('usage', message);
  }
  const record = isThere ? await knownRecord(path, state) : undefined;
  const peers = await resolveHosts(request.peers, log, record === undefined);
  return { path, peers, isToFetch: request.peers.length > 0, isThere, ...(record === undefined ? {} : { record }) };
}

/** Shares the file if it is there and whole; else fetches it to its path, then shares it. */
export async function runFile(
  plan: FilePlan,
  pieceBytes: number | undefined,
  parts: { readonly session: NodeSession; readonly state: StateFolder; readonly context: CommandContext },
): Promise<void> {
  const { session, state, context } = parts;
  const { path, peers, isToFetch, record } = plan;
  const sharePlan = {
    paths: [path],
    peers,
    stateFolder: state.path,
    ...(pieceBytes === undefined ? {} : { pieceBytes }),
  };
  const share = async () => shareContent(sharePlan, session, context);
  if (record !== undefined) {
    // With nobody to fetch from named, a copy that was complete belongs to its owner, who may have changed it since.
    const mustBeWhole = record.isComplete && !isToFetch;
    if ((await fetchContent({ ...fetchPlan(record.infoHash, plan), mustBeWhole }, parts)) === 'shared') return;
    context.log('info', `${path} is not what was fetched there any more; it is shared as it is now`);
    await share();
    return;
  }
  if (!isToFetch) {
    await share();
    return;
  }
  const catalog = await findCatalog(session.node, peers, context);
  if (catalog !== undefined) {
    await fetchContent(fetchPlan(chooseShare(catalog, path).infoHash, plan), parts);
  } else if (plan.isThere) {
    await share();
  } else {
    throw new CliError('not-found', 'the peers named with --peer share nothing that they list');
  }
}

function fetchPlan(infoHash: Uint8Array, { path, peers }: FilePlan): FetchPlan {
  return {
    infoHash,
    peers,
    place: { path },
    isSequential: false,
    overwrite: false,
    mustBeWhole: false,
    exitWhenComplete: false,
  };
}

async function knownRecord(path: string, state: StateFolder): Promise<PathRecord | undefined> {
  const record = await state.readPathRecord(path);
  return record !== undefined && (await state.readMetainfo(record.infoHash)) !== undefined ? record : undefined;
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
}
