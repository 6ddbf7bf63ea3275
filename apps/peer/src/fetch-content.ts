import type { CommandContext, SeedLimits } from '@p2p/cli';
import { type ContentPlace, type FilePieceStore, missingFile, StorageError } from '@p2p/storage';
import { type Metainfo, type PeerAddress, toHex } from '@p2p/wire';

import { orAborted } from './deferred.js';
import { metadataEvent } from './describe-metainfo.js';
import type { HostedSwarm } from './hosted-swarm.js';
import type { NodeSession } from './node-session.js';
import { openContent } from './open-content.js';
import type { StateFolder } from './state-folder.js';
import { untilSeeded } from './until-seeded.js';
import { claimedSha1, wholeSha1 } from './whole-sha1.js';

/** What to fetch, from whom, to where, and when to leave. */
export interface FetchPlan extends SeedLimits {
  readonly infoHash: Uint8Array;
  /** If it is known already. */
  readonly metainfo?: Metainfo;
  readonly peers: readonly PeerAddress[];
  readonly place: ContentPlace;
  readonly isSequential: boolean;
  readonly overwrite: boolean;
  /** The content was complete before and is only to be shared: whatever is something else by now stays as it is. */
  readonly mustBeWhole: boolean;
}

/** Whom a fetch works with. */
export interface FetchParts {
  readonly session: NodeSession;
  readonly state: StateFolder;
  readonly context: CommandContext;
}

/**
 * Fetches content, checks it as a whole, then shares it until a limit of the plan is reached or the signal comes.
 *
 * @returns whether it came to that: `replaced`, with nothing touched, if the content must be whole and is not
 * @throws {CliError} `sha1-mismatch`
 * @throws {StorageError} `not-found` or `changed` if files were moved, deleted or changed meanwhile, also while they are shared;
 *   whatever else storage says about the place
 */
export async function fetchContent(plan: FetchPlan, parts: FetchParts): Promise<'shared' | 'replaced'> {
  const { session, state, context } = parts;
  const startedMs = performance.now();
  const begun = await beginFetch(plan, parts);
  if (begun === undefined) return 'replaced';
  const { hosted, store } = begun;
  const { layout } = store.metainfo;
  const path = store.contentPath;
  const bytesBefore = hosted.status.haveBytes;
  await orAborted(hosted.complete, context.signal);
  const isFetched = bytesBefore < layout.totalBytes;
  const seconds = isFetched ? (performance.now() - startedMs) / 1000 : 0;
  session.reportProgress();

  const length = layout.totalBytes;
  const reading = wholeSha1(store, path, context.signal);
  reading.catch(() => undefined); // told below, where it is waited for
  // Every piece was verified by now. Reading all of it back once more takes as long as a quick download; nobody waits for it
  // who is told by the metainfo what will come out.
  const claimed = claimedSha1(store.metainfo);
  // The store writes to files that it holds open, wherever they were moved meanwhile, or deleted.
  const [sha1, fault] = await Promise.all([claimed ?? reading, store.missingFile()]);
  if (fault !== undefined) throw fault;
  await state.savePathRecord(path, { infoHash: plan.infoHash, isComplete: true });
  const bytesPerSecond = isFetched ? (length - bytesBefore) / seconds : 0;
  context.emit({ kind: 'complete', path, length, sha1, seconds, bytesPerSecond });
  const verified = reading.then((found) => context.emit({ kind: 'verified', path, length, sha1: found }));
  if (plan.exitWhenComplete) {
    await verified;
    return 'shared';
  }
  context.emit({ kind: 'seeding', infoHash: toHex(plan.infoHash) });
  const failed = new AbortController();
  const seeded = untilSeeded(hosted, plan, AbortSignal.any([context.signal, failed.signal]));
  try {
    await Promise.race([Promise.all([verified, seeded]), hosted.lost]);
  } finally {
    failed.abort();
  }
  return 'shared';
}

interface Begun {
  readonly hosted: HostedSwarm;
  readonly store: FilePieceStore;
}

/**
 * Joins the swarm with the store open; where the metainfo is not known, peers are asked for it first.
 *
 * @returns undefined if the content must be whole and is not
 */
async function beginFetch(plan: FetchPlan, parts: FetchParts): Promise<Begun | undefined> {
  const { session, state, context } = parts;
  const { infoHash, peers } = plan;
  const torrent = { infoHash, peers, options: { order: plan.isSequential ? 'sequential' : 'rarest-first' } } as const;
  const known = plan.metainfo ?? (await state.readMetainfo(infoHash));
  if (known !== undefined) {
    const store = plan.mustBeWhole ? await openWhole(known, plan, parts) : await openPlace(known, plan, parts);
    return store && { hosted: await session.host(torrent, store), store };
  }
  const hosted = await session.host(torrent);
  const store = await openPlace(await orAborted(hosted.metainfoFromPeers, context.signal), plan, parts);
  hosted.attach(store);
  return { hosted, store };
}

async function openPlace(metainfo: Metainfo, plan: FetchPlan, parts: FetchParts): Promise<FilePieceStore> {
  const { state, context } = parts;
  context.emit(metadataEvent(metainfo));
  await state.saveMetainfo(metainfo);
  const store = await openStore(metainfo, plan, parts);
  const { havePieces } = store.resumed;
  if (havePieces > 0) {
    context.log('info', `${havePieces} of ${metainfo.layout.pieceCount} pieces are there already`);
  }
  await state.savePathRecord(store.contentPath, { infoHash: plan.infoHash, isComplete: store.have().isFull });
  return store;
}

/** The store of what is complete; undefined if it is not. Of files that have their length storage changes nothing. */
async function openWhole(metainfo: Metainfo, plan: FetchPlan, parts: FetchParts): Promise<FilePieceStore | undefined> {
  if ((await missingFile(metainfo, plan.place)) !== undefined) return undefined;
  try {
    const store = await openStore(metainfo, plan, parts);
    if (store.have().isFull) {
      parts.context.emit(metadataEvent(metainfo));
      return store;
    }
    await store.close();
  } catch (error) {
    if (!(error instanceof StorageError) || error.code !== 'foreign-file') throw error;
  }
  return undefined;
}

async function openStore(metainfo: Metainfo, plan: FetchPlan, parts: FetchParts): Promise<FilePieceStore> {
  const { session, state, context } = parts;
  const { place, overwrite } = plan;
  const choices = { place, overwrite, journalFolder: state.journalFolder };
  return openContent(metainfo, choices, { worker: session.worker, context });
}
