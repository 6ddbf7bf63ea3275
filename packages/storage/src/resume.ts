import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';

import { Bitfield } from '@p2p/wire';
import type { Metainfo, PieceIndex } from '@p2p/wire';

import type { ContentIo } from './content-io.js';
import type { PieceRange } from './content-job.js';
import type { ContentSegment } from './content-map.js';
import type { ContentPlan } from './content-plan.js';
import type { FileFacts } from './file-system.js';
import { refuseForeignFiles } from './foreign-files.js';
import { lookAtFiles, lookForEmpty } from './known-files.js';
import type { KnownFiles } from './known-files.js';
import { faultOf } from './missing-file.js';
import type { FileMark, JournalContent } from './journal-format.js';
import type { JobRunner } from './job-runner.js';
import type { CheckOptions } from './piece-store.js';
import { FOUND } from './piece-check.js';
import { SHA1_BYTES } from './sha1.js';
import { StorageError } from './storage-error.js';

/** How a store found its content when it was opened. */
export interface Resumed {
  /**
   * - `new`: nothing was there
   * - `clean`: the journal of an orderly end was taken as it is
   * - `recovered`: after a crash; what the journal covers was taken, the rest verified
   * - `checked`: there was no journal; everything that was there was verified
   * - `assumed`: the caller vouched for it
   */
  readonly kind: 'new' | 'clean' | 'recovered' | 'checked' | 'assumed';
  /** Pieces stored. */
  readonly havePieces: number;
  /** Pieces that had to be read and hashed. */
  readonly checkedPieces: number;
}

/** What lies where the content belongs. */
export interface Findings {
  readonly have: Bitfield;
  /** Those of them that the journal knows: they are on the disk. What was only read may be in memory alone. */
  readonly synced: Bitfield;
  readonly kind: Resumed['kind'];
  readonly checkedPieces: number;
  readonly facts: readonly (FileFacts | undefined)[];
}

/** What {@link examine} looks at. */
export interface ExamineParts {
  readonly metainfo: Metainfo;
  readonly plan: ContentPlan;
  readonly io: ContentIo;
  readonly jobs: JobRunner;
  readonly journal: JournalContent | undefined;
  readonly overwrite: boolean;
  readonly check: CheckOptions;
}

/**
 * Finds out which pieces are there, reading as little as possible, and that no file of somebody else is in the way.
 *
 * A file is *ours* if it is the very file that the journal knows and, after an orderly end, has neither grown nor changed
 * since. Of our files the journal's pieces are taken unread; they were synced before they were written down. What the
 * journal does not cover is verified where there may be something.
 *
 * @throws {StorageError} `foreign-file`, `unsafe-path`, `not-a-file`, `aborted`, or what the disk says
 */
export async function examine(parts: ExamineParts): Promise<Findings> {
  const { metainfo, journal, io } = parts;
  const facts = await lookAtFiles(io);
  const ours = facts.map((found, fileIndex) => isOurs(found, fileIndex, journal));
  const kind = kindOf(io, facts, { journal, ours });
  // The common cases, at once also for millions of pieces: nothing is there, or nothing has changed.
  const none = new Bitfield(metainfo.layout.pieceCount);
  if (kind === 'new') return { have: none, synced: none.clone(), kind, checkedPieces: 0, facts };
  if (kind === 'clean' && journal !== undefined) {
    return { have: journal.have.clone(), synced: journal.have, kind, checkedPieces: 0, facts };
  }
  const isEmpty = await lookForEmpty(io, facts);
  const synced = none;
  const unsure: PieceIndex[] = [];
  const isPossible = possibilityOf(parts, { facts, ours, isEmpty });
  for (const piece of metainfo.layout.pieces()) {
    const segments = io.map.storedSegments(piece * metainfo.layout.pieceLength, metainfo.layout.pieceLength);
    // One that has become shorter since is ours, and lacks what the journal says of its end.
    const isThere = segments.every(({ fileIndex, begin, length }) => (facts[fileIndex]?.length ?? 0) >= begin + length);
    const isKnown = journal?.have.has(piece) === true && segments.every(({ fileIndex }) => ours[fileIndex]);
    if (isThere && isKnown) synced.set(piece);
    else if (isThere && isPossible(segments)) unsure.push(piece);
  }
  const have = synced.clone();
  const others = await verifyInto(have, unsure, parts);
  if (!parts.overwrite) refuseForeignFiles(parts, { facts, ours, isEmpty, have, others });
  return { have, synced, kind, checkedPieces: unsure.length, facts };
}

/**
 * Makes sure that all files are there and as long as they should be, without reading them.
 *
 * @throws {StorageError} `not-found` or `changed`
 */
export async function assumeComplete(io: ContentIo, pieceCount: number): Promise<Findings> {
  const facts = await lookAtFiles(io);
  facts.forEach((found, fileIndex) => {
    const file = io.map.file(fileIndex);
    const fault = file.isStored ? faultOf(file, found) : undefined;
    if (fault !== undefined) throw fault;
  });
  return {
    have: Bitfield.full(pieceCount),
    synced: new Bitfield(pieceCount),
    kind: 'assumed',
    checkedPieces: 0,
    facts,
  };
}

/**
 * Makes missing files and gives all their length. Files that are as they should be are not touched.
 *
 * @throws {StorageError} `disk-full` if there is not enough room for what is missing, or what the disk says
 */
export async function prepareFiles(parts: ExamineParts, found: Findings, checkFreeSpace: boolean): Promise<void> {
  const { plan, io, jobs } = parts;
  const files = io.map.files.flatMap(({ isStored, length }, fileIndex) => {
    const facts = found.facts[fileIndex];
    return isStored && facts?.length !== length ? [{ fileIndex, isNew: facts === undefined }] : [];
  });
  if (files.length === 0) return;
  if (checkFreeSpace) await refuseFullDisk(parts, found.have);
  await jobs.run({ root: plan.root, files: plan.files, task: { kind: 'prepare', files } });
}

/** Reads the pieces back: those that are right are set. Returns those in whose place something else lies. */
export async function verifyInto(
  have: Bitfield,
  pieces: readonly PieceIndex[],
  { metainfo, plan, jobs, check }: Pick<ExamineParts, 'metainfo' | 'plan' | 'jobs' | 'check'>,
): Promise<PieceIndex[]> {
  if (pieces.length === 0) return [];
  const { pieceLength } = metainfo.layout;
  const ranges = rangesOf(pieces, metainfo.pieceHashes);
  const task = { kind: 'verifyPieces', pieceLength, ranges } as const;
  const result = await jobs.run({ root: plan.root, files: plan.files, task }, check);
  if (result.kind !== 'verified') throw new TypeError(`a job to verify answered "${result.kind}"`);
  pieces.forEach((piece, position) => {
    if (result.found[position] === FOUND.right) have.set(piece);
  });
  return pieces.filter((_, position) => result.found[position] === FOUND.other);
}

function isOurs(found: FileFacts | undefined, fileIndex: number, journal: JournalContent | undefined): boolean {
  const mark = journal?.files[fileIndex];
  if (found === undefined || mark === undefined) return false;
  return found.fileId === mark.fileId && (journal?.isClean !== true || isUnchanged(found, mark));
}

function isUnchanged(found: FileFacts, mark: FileMark): boolean {
  return found.length === mark.length && found.modifiedNs === mark.modifiedNs;
}

/**
 * Whether a piece that the journal does not cover may be there nevertheless: at least one of its files may hold something
 * the journal knows nothing of.
 */
function possibilityOf(
  parts: ExamineParts,
  { facts, ours, isEmpty }: KnownFiles,
): (segments: readonly ContentSegment[]) => boolean {
  const { journal } = parts;
  const covered = coveredBytes(parts);
  const mayHoldMore = facts.map((found, fileIndex) => {
    if (found === undefined || isEmpty[fileIndex] === true) return false;
    if (ours[fileIndex] !== true) return true;
    // After an orderly end the journal covers all there is; after a crash, all the blocks if they are no more than it
    // covers (a file system that compresses may have fewer: then some pieces are fetched again).
    return journal?.isClean !== true && found.allocatedBytes > (covered[fileIndex] ?? 0);
  });
  return (segments) => segments.length === 0 || segments.some(({ fileIndex }) => mayHoldMore[fileIndex]);
}

/** How much of each file the journal covers. */
function coveredBytes({ metainfo, io, journal }: ExamineParts): number[] {
  const covered = io.map.files.map(() => 0);
  if (journal === undefined || journal.isClean) return covered;
  const { pieceLength } = metainfo.layout;
  for (const piece of journal.have.indices()) {
    for (const { fileIndex, length } of io.map.segments(piece * pieceLength, pieceLength)) {
      covered[fileIndex] = (covered[fileIndex] ?? 0) + length;
    }
  }
  return covered;
}

async function refuseFullDisk({ metainfo, plan }: ExamineParts, have: Bitfield): Promise<void> {
  const { totalBytes, pieceLength } = metainfo.layout;
  const missingBytes = Math.max(0, totalBytes - have.count * pieceLength);
  const free = await freeBytes(plan.root);
  if (free === undefined || free >= missingBytes) return;
  const message = `not enough space for ${plan.contentPath}: ${missingBytes} bytes are needed, ${free} are free`;
  throw new StorageError('disk-full', message, { path: plan.contentPath });
}

/** Of the nearest folder that exists; undefined if the system does not say. */
async function freeBytes(folder: string): Promise<number | undefined> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    return dirname(folder) === folder ? undefined : freeBytes(dirname(folder));
  }
}

interface Ownership {
  readonly journal: JournalContent | undefined;
  readonly ours: readonly boolean[];
}

function kindOf(
  io: ContentIo,
  facts: readonly (FileFacts | undefined)[],
  { journal, ours }: Ownership,
): Resumed['kind'] {
  const isPadded = io.map.files.some((file) => !file.isStored && file.length > 0);
  if (!isPadded && facts.every((found) => found === undefined)) return 'new';
  if (journal === undefined || !ours.includes(true)) return 'checked';
  const isAllOurs = io.map.files.every((file, fileIndex) => !file.isStored || ours[fileIndex] === true);
  return journal.isClean && isAllOurs ? 'clean' : 'recovered';
}

/** Runs of consecutive pieces, each with its hashes. */
function rangesOf(pieces: readonly PieceIndex[], pieceHashes: Uint8Array): PieceRange[] {
  const ranges: PieceRange[] = [];
  let first: number | undefined;
  pieces.forEach((piece, position) => {
    first ??= piece;
    if (pieces[position + 1] === piece + 1) return;
    ranges.push({ first, hashes: pieceHashes.slice(first * SHA1_BYTES, (piece + 1) * SHA1_BYTES) });
    first = undefined;
  });
  return ranges;
}
