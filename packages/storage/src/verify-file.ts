import { realpath } from 'node:fs/promises';

import { Bitfield, sameBytes } from '@p2p/wire';
import type { Metainfo, PieceIndex } from '@p2p/wire';

import { ContentIo } from './content-io.js';
import { ContentMap } from './content-map.js';
import { contentPathIn, planContent } from './content-plan.js';
import type { ContentPlace } from './content-plan.js';
import { nodeFileSystem } from './file-system.js';
import type { FileFacts } from './file-system.js';
import { JobRunner } from './job-runner.js';
import type { CheckOptions } from './piece-store.js';
import { verifyInto } from './resume.js';
import { SHA1_BYTES } from './sha1.js';
import { storageErrorFrom } from './storage-error.js';
import { StorageWorker } from './storage-worker.js';

/** What is wrong with one file. */
export interface BadFile {
  readonly path: string;
  /**
   * - `missing`: nothing lies there, or no regular file
   * - `wrong-length`: it is longer or shorter than it should be
   * - `damaged`: a piece of it is wrong
   * - `wrong-sha1`: its pieces are right, but the SHA-1 that the metainfo gives for the whole file is another
   */
  readonly reason: 'missing' | 'wrong-length' | 'damaged' | 'wrong-sha1';
}

/** The outcome of {@link verifyFile}. */
export interface VerifyReport {
  /** No piece and no file is wrong. */
  readonly isRight: boolean;
  /** In ascending order. */
  readonly badPieces: readonly number[];
  readonly badFiles: readonly BadFile[];
  /** Where each file was looked for, in the order of the metainfo: give it to `openFilePieceStore` to open them. */
  readonly contentPaths: readonly string[];
  /** The SHA-1 of the file, or of all files one after the other, if it is right. */
  readonly sha1: Uint8Array | undefined;
}

/**
 * Compares what lies at a path with a metainfo. Nothing is written. A file may lie under its own name, as with who
 * published it, or under the safe one, as with who fetched it.
 *
 * @param path the file or folder, or the folder in which it lies under its own name
 * @throws {StorageError} `not-found` if nothing lies there at all; `denied`, `unsafe-path`, `aborted`
 */
export async function verifyFile(metainfo: Metainfo, path: string, check: CheckOptions = {}): Promise<VerifyReport> {
  const place = await findPlace(metainfo, path);
  const plan = planContent(metainfo, place);
  const io = new ContentIo(nodeFileSystem, new ContentMap(plan.files), plan.root);
  const worker = new StorageWorker();
  try {
    const jobs = new JobRunner(worker);
    const facts = plan.files.map((file, fileIndex) => (file.isStored ? io.facts(fileIndex) : undefined));
    const right = new Bitfield(metainfo.layout.pieceCount);
    const present = [...metainfo.layout.pieces()].filter((piece) => isPresent(metainfo, io, { piece, facts }));
    await verifyInto(right, present, { metainfo, plan, jobs, check });
    const badPieces = [...metainfo.layout.pieces()].filter((piece) => !right.has(piece));
    const badFiles = findBadFiles(metainfo, io, { facts, right });
    const contentPaths = plan.files.map((file) => file.path);
    const wrong = { isRight: false, badPieces, badFiles, contentPaths, sha1: undefined };
    if (badFiles.length > 0 || badPieces.length > 0) return wrong;
    const { pieceLength } = metainfo.layout;
    const task = { kind: 'hashContent', of: ['files', 'whole'], pieceLength } as const;
    const job = { root: plan.root, files: plan.files, task };
    const { fileHashes, wholeHash } = await jobs.hash(job, { signal: check.signal });
    const wrongFiles = metainfo.files.flatMap((_, index) => wrongSha1(metainfo, io, { index, hashes: fileHashes }));
    if (wrongFiles.length > 0) return { ...wrong, badFiles: wrongFiles };
    return { ...wrong, isRight: true, sha1: wholeHash };
  } finally {
    io.close();
    await worker.close();
  }
}

async function findPlace(metainfo: Metainfo, path: string): Promise<ContentPlace> {
  try {
    const real = await realpath(path);
    const isFolder = nodeFileSystem.factsSync(real)?.kind === 'folder';
    const isWithin = isFolder && (metainfo.isSingleFile || holdsContent(real, metainfo));
    return isWithin ? { folder: real } : { path: real };
  } catch (error) {
    throw storageErrorFrom(error, 'read', path);
  }
}

function holdsContent(folder: string, metainfo: Metainfo): boolean {
  return nodeFileSystem.factsSync(contentPathIn(folder, metainfo))?.kind === 'folder';
}

interface Presence {
  readonly piece: PieceIndex;
  readonly facts: readonly (FileFacts | undefined)[];
}

/** All files of the piece are there and long enough: the others need not be read. */
function isPresent({ layout }: Metainfo, io: ContentIo, { piece, facts }: Presence): boolean {
  const segments = io.map.segments(layout.pieceOffset(piece), layout.pieceBytes(piece));
  return segments.every(({ fileIndex, begin, length }) => {
    const found = facts[fileIndex];
    return !io.map.file(fileIndex).isStored || (found?.kind === 'file' && found.length >= begin + length);
  });
}

interface Verified {
  readonly facts: readonly (FileFacts | undefined)[];
  readonly right: Bitfield;
}

function findBadFiles(metainfo: Metainfo, io: ContentIo, { facts, right }: Verified): BadFile[] {
  const { pieceLength } = metainfo.layout;
  return io.map.files.flatMap(({ path, offset, length, isStored }, fileIndex): BadFile[] => {
    if (!isStored) return [];
    const found = facts[fileIndex];
    if (found?.kind !== 'file') return [{ path, reason: 'missing' }];
    if (found.length !== length) return [{ path, reason: 'wrong-length' }];
    const last = length === 0 ? -1 : Math.floor((offset + length - 1) / pieceLength);
    for (let piece = Math.floor(offset / pieceLength); piece <= last; piece++) {
      if (!right.has(piece)) return [{ path, reason: 'damaged' }];
    }
    return [];
  });
}

interface FileHash {
  readonly index: number;
  readonly hashes: Uint8Array;
}

function wrongSha1(metainfo: Metainfo, io: ContentIo, { index, hashes }: FileHash): BadFile[] {
  const expected = metainfo.isSingleFile ? metainfo.sha1 : metainfo.files[index]?.sha1;
  const found = hashes.subarray(index * SHA1_BYTES, (index + 1) * SHA1_BYTES);
  if (expected === undefined || sameBytes(expected, found)) return [];
  return [{ path: io.map.file(index).path, reason: 'wrong-sha1' }];
}
