import type { Metainfo } from '@p2p/wire';

import { Checkpoint, marksOf } from './checkpoint.js';
import { CommitPipeline, INLINE_CONTENT_BYTES } from './commit-pipeline.js';
import { ContentIo } from './content-io.js';
import { ContentMap } from './content-map.js';
import { planContent, resolveLink } from './content-plan.js';
import type { ContentPlan } from './content-plan.js';
import { FilePieceStore } from './file-piece-store.js';
import { nodeFileSystem } from './file-system.js';
import type { FileSystem } from './file-system.js';
import { JobRunner } from './job-runner.js';
import type { JournalContent } from './journal-format.js';
import { Journal, journalPath } from './journal.js';
import { assumeComplete, examine, prepareFiles } from './resume.js';
import type { ExamineParts, Findings } from './resume.js';
import { resolveFileStoreOptions } from './storage-options.js';
import type { FileStoreOptions, ResolvedFileStoreOptions } from './storage-options.js';
import { StorageWorker } from './storage-worker.js';

/**
 * Opens the files of a content, taking up what is there.
 *
 * What exists is verified as far as the journal does not cover it; nothing that is not this content is written over.
 * Missing files are made, sparse and with their full length. The store holds the files open as it needs them: close it.
 *
 * @throws {StorageError} `foreign-file` if something else lies there, `disk-full` if there is not enough room,
 *   `unsafe-path`, `not-a-file`, `denied`, `aborted`, ...
 * @throws {TypeError|RangeError} if an option is wrong
 * @example
 * const store = await openFilePieceStore(metainfo, { folder: 'downloads', stateDir: 'state' });
 * console.log(`${store.have().count} of ${metainfo.layout.pieceCount} pieces are there`);
 */
export function openFilePieceStore(metainfo: Metainfo, options: FileStoreOptions): Promise<FilePieceStore> {
  return openStoreOn(nodeFileSystem, metainfo, options);
}

/** The same on another file system: for tests that make it fail. Pieces are then done on the calling thread. */
export async function openStoreOn(
  fileSystem: FileSystem,
  metainfo: Metainfo,
  options: FileStoreOptions,
): Promise<FilePieceStore> {
  const resolved = resolveFileStoreOptions(options);
  const worker = resolved.worker ?? new StorageWorker();
  // It starts while we plan where the files lie.
  if (fileSystem === nodeFileSystem && metainfo.layout.totalBytes > INLINE_CONTENT_BYTES) worker.start();
  const release = async (): Promise<void> => {
    if (resolved.worker === undefined) await worker.close();
  };
  let io: ContentIo | undefined;
  try {
    const plan = planContent(metainfo, await resolveLink(resolved.place), resolved.contentPaths);
    io = new ContentIo(fileSystem, new ContentMap(plan.files), plan.root);
    return await assemble({ fileSystem, metainfo, plan, io, worker, release, options: resolved });
  } catch (error) {
    io?.close();
    await release();
    throw error;
  }
}

interface Opening {
  readonly fileSystem: FileSystem;
  readonly metainfo: Metainfo;
  readonly plan: ContentPlan;
  readonly io: ContentIo;
  readonly worker: StorageWorker;
  readonly release: () => Promise<void>;
  readonly options: ResolvedFileStoreOptions;
}

async function assemble(opening: Opening): Promise<FilePieceStore> {
  const { fileSystem, metainfo, plan, io, worker, release, options } = opening;
  const jobs = new JobRunner(worker, fileSystem);
  const journal = journalOf(opening);
  const journalled = await journal?.read();
  const { overwrite, check } = options;
  // Who wants to replace what lies there does not believe the journal either: everything is verified.
  const believed = overwrite ? undefined : journalled;
  const parts: ExamineParts = { metainfo, plan, io, jobs, journal: believed, overwrite, check };
  const found = options.assumeComplete ? await assumeComplete(io, metainfo.layout.pieceCount) : await examine(parts);
  await prepareFiles(parts, found, options.checkFreeSpace);
  const marks = await beginJournal(io, journal, { found, journalled });
  const checkpoint = new Checkpoint({
    io,
    journal,
    pieceLength: metainfo.layout.pieceLength,
    synced: found.synced,
    marks,
    isJournalClean: found.synced.isFull,
  });
  for (const piece of journal === undefined ? [] : found.have.indices()) {
    if (!found.synced.has(piece)) checkpoint.noteStored(piece, 0);
  }
  const usedWorker = fileSystem === nodeFileSystem ? worker : undefined;
  return new FilePieceStore({
    metainfo,
    plan,
    io,
    jobs,
    release,
    have: found.have,
    facts: found.facts,
    resumed: { kind: found.kind, havePieces: found.have.count, checkedPieces: found.checkedPieces },
    pipeline: new CommitPipeline({ metainfo, plan, io, worker: usedWorker }),
    checkpoint,
  });
}

function journalOf({ fileSystem, metainfo, plan, options }: Opening): Journal | undefined {
  if (options.stateDir === undefined) return undefined;
  const { pieceLength, pieceCount } = metainfo.layout;
  const identity = { infoHash: metainfo.infoHash, pieceLength, pieceCount, fileCount: metainfo.files.length };
  return new Journal(fileSystem, journalPath(options.stateDir, metainfo.infoHash, plan.contentPath), identity);
}

interface Beginning {
  readonly found: Findings;
  readonly journalled: JournalContent | undefined;
}

/**
 * Writes down what the journal knew already, before anything is written: from then on the files are known to be ours. What was
 * only found by reading follows when it is synced. A content that is complete counts as closed in order at once, for nothing
 * will be written to it.
 */
async function beginJournal(io: ContentIo, journal: Journal | undefined, { found, journalled }: Beginning) {
  if (journal === undefined) return [];
  const isComplete = found.synced.isFull;
  if (isComplete && found.kind === 'clean' && journalled !== undefined) return journalled.files;
  const marks = marksOf(io);
  await journal.writeSnapshot({ have: found.synced, files: marks, isClean: isComplete });
  return marks;
}
