import { ConsecutiveHashes } from './consecutive-hashes.js';
import type { ContentFile } from './content-map.js';
import { ContentMap } from './content-map.js';
import { ContentIo, isAbsence } from './content-io.js';
import type { IoFailure } from './content-io.js';
import type { FileSystem } from './file-system.js';
import { FOUND, PieceCheck } from './piece-check.js';
import { readBuffer } from './read-buffer.js';
import { SHA1_BYTES } from './sha1.js';
import { allocateSharedReads, SharedReads } from './shared-reads.js';
import type { SharedReadsMemory } from './shared-reads.js';

/** Long work over bytes at rest, done in steps of about a megabyte, on the worker or between events. Can be posted. */
export interface ContentJob {
  readonly root: string;
  readonly files: readonly ContentFile[];
  readonly task: ContentTask;
}

export type ContentTask =
  /** The SHA-1 of every piece, of every file, of the whole: all that are asked for in one reading. */
  | {
      readonly kind: 'hashContent';
      readonly of: readonly HashedPart[];
      readonly pieceLength: number;
      /** If another thread goes through the same content, with the other number: what one has read the other need not. */
      readonly shared?: { readonly reads: SharedReadsMemory; readonly reader: 0 | 1 };
    }
  /** Which of some pieces have the hash they should have. */
  | { readonly kind: 'verifyPieces'; readonly pieceLength: number; readonly ranges: readonly PieceRange[] }
  /** Makes files, or gives them their length. */
  | { readonly kind: 'prepare'; readonly files: readonly { readonly fileIndex: number; readonly isNew: boolean }[] };

/** Of what a job reckons the SHA-1. */
export type HashedPart = 'pieces' | 'files' | 'whole';

/** Consecutive pieces with their hashes, 20 bytes each. */
export interface PieceRange {
  readonly first: number;
  readonly hashes: Uint8Array;
}

export type JobResult =
  | ContentHashes
  /** One byte for each piece that was asked for, in order: see `FOUND`. */
  | { readonly kind: 'verified'; readonly found: Uint8Array }
  | { readonly kind: 'prepared' }
  | { readonly kind: 'failed'; readonly failure: IoFailure };

/** 20 bytes for each piece or file; what was not asked for is empty. */
export interface ContentHashes {
  readonly kind: 'hashed';
  readonly pieceHashes: Uint8Array;
  readonly fileHashes: Uint8Array;
  readonly wholeHash: Uint8Array;
}

/** Yields the bytes done in each step, then returns the result. */
export type JobSteps = Generator<number, JobResult, undefined>;

/** Bytes that a job goes through. */
export function jobBytes(job: ContentJob): number {
  const { task } = job;
  const total = new ContentMap(job.files).totalBytes;
  switch (task.kind) {
    case 'hashContent':
      return total;
    case 'verifyPieces':
      return task.ranges.reduce((sum, range) => sum + rangeBytes(range, task.pieceLength, total), 0);
    case 'prepare':
      return task.files.length * BYTES_WORTH_A_FILE;
  }
}

/** Begins a job; each `next()` blocks for one step. */
export function* runJob(fileSystem: FileSystem, job: ContentJob): JobSteps {
  const io = new ContentIo(fileSystem, new ContentMap(job.files), job.root);
  try {
    return yield* runTask(io, job.task);
  } finally {
    io.close();
  }
}

function runTask(io: ContentIo, task: ContentTask): JobSteps {
  switch (task.kind) {
    case 'hashContent':
      return hashContent(io, task);
    case 'verifyPieces':
      return verifyPieces(io, task.pieceLength, task.ranges);
    case 'prepare':
      return prepare(io, task.files);
  }
}

function* hashContent(io: ContentIo, task: Extract<ContentTask, { kind: 'hashContent' }>): JobSteps {
  const { of, pieceLength, shared } = task;
  const { totalBytes, files: allFiles } = io.map;
  const countOf = (part: HashedPart, count: number): number => (of.includes(part) ? count : 0);
  const pieces = new ConsecutiveHashes(countOf('pieces', Math.ceil(totalBytes / pieceLength)), (index) =>
    Math.min(pieceLength, totalBytes - index * pieceLength),
  );
  const files = new ConsecutiveHashes(countOf('files', allFiles.length), (index) => io.map.file(index).length);
  const whole = new ConsecutiveHashes(countOf('whole', 1), () => totalBytes);
  const { reads, reader } = shared ?? { reads: allocateSharedReads(totalBytes, 1), reader: 0 };
  const chunks = new SharedReads(io, reads, reader).chunks();
  for (let next = chunks.next(); ; next = chunks.next()) {
    if (next.done === true) {
      if (next.value !== undefined) return { kind: 'failed', failure: next.value };
      const [pieceHashes, fileHashes, wholeHash] = [pieces.digests, files.digests, whole.digests];
      return { kind: 'hashed', pieceHashes, fileHashes, wholeHash };
    }
    const bytes = next.value;
    if (bytes !== undefined) for (const hashes of [pieces, files, whole]) hashes.update(bytes);
    yield bytes?.length ?? 0;
  }
}

function* verifyPieces(io: ContentIo, pieceLength: number, ranges: readonly PieceRange[]): JobSteps {
  const { totalBytes } = io.map;
  const counts = ranges.map((range) => range.hashes.length / SHA1_BYTES);
  const found = new Uint8Array(counts.reduce((sum, count) => sum + count, 0));
  const piece = readBuffer(Math.min(pieceLength, totalBytes));
  const check = new PieceCheck();
  let position = 0;
  let bytesInStep = 0;
  for (const range of ranges) {
    for (let index = 0; index < range.hashes.length / SHA1_BYTES; index++) {
      const offset = (range.first + index) * pieceLength;
      const bytes = piece.subarray(0, Math.min(pieceLength, totalBytes - offset));
      const expected = range.hashes.subarray(index * SHA1_BYTES, (index + 1) * SHA1_BYTES);
      const failure = io.read(offset, bytes);
      // What cannot be read may be right all the same: to call it wrong would fetch, or overwrite, what is there.
      if (failure !== undefined && !isAbsence(failure)) return { kind: 'failed', failure };
      found[position++] = failure === undefined ? check.look(bytes, expected) : FOUND.nothing;
      bytesInStep += bytes.length;
      if (bytesInStep < STEP_BYTES) continue;
      yield bytesInStep;
      bytesInStep = 0;
    }
  }
  yield bytesInStep;
  return { kind: 'verified', found };
}

function* prepare(io: ContentIo, files: readonly { fileIndex: number; isNew: boolean }[]): JobSteps {
  let bytesInStep = 0;
  for (const { fileIndex, isNew } of files) {
    const failure = io.prepare(fileIndex, isNew);
    if (failure !== undefined) return { kind: 'failed', failure };
    bytesInStep += BYTES_WORTH_A_FILE;
    if (bytesInStep < STEP_BYTES) continue;
    yield bytesInStep;
    bytesInStep = 0;
  }
  yield bytesInStep;
  return { kind: 'prepared' };
}

function rangeBytes(range: PieceRange, pieceLength: number, totalBytes: number): number {
  const begin = range.first * pieceLength;
  const end = begin + (range.hashes.length / SHA1_BYTES) * pieceLength;
  return Math.max(0, Math.min(end, totalBytes) - begin);
}

/** A step takes well under a millisecond from the page cache, and a message about it costs nothing beside it. */
const STEP_BYTES = 1024 * 1024;

/** To make a file takes about as long as to hash so much. */
const BYTES_WORTH_A_FILE = 32 * 1024;
