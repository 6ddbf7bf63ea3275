import { ConsecutiveHashes } from './consecutive-hashes.js';
import type { ContentFile } from './content-map.js';
import { ContentMap } from './content-map.js';
import { ContentIo, isAbsence } from './content-io.js';
import type { IoFailure } from './content-io.js';
import type { FileSystem } from './file-system.js';
import { FOUND, PieceCheck } from './piece-check.js';
import { readBuffer } from './read-buffer.js';
import { SHA1_BYTES, startSha1 } from './sha1.js';
import { SharedReads } from './shared-reads.js';
import type { SharedReadsMemory } from './shared-reads.js';

/** Long work over bytes at rest, done in steps of about a megabyte, on the worker or between events. Can be posted. */
export interface ContentJob {
  readonly root: string;
  readonly files: readonly ContentFile[];
  readonly task: ContentTask;
}

export type ContentTask =
  /** The SHA-1 of every piece, of every file, or both in one go, while another thread may do the other part. */
  | {
      readonly kind: 'hashContent';
      readonly part: 'pieces' | 'files' | 'both';
      readonly pieceLength: number;
      readonly reads: SharedReadsMemory;
    }
  /** Which of some pieces have the hash they should have. */
  | { readonly kind: 'verifyPieces'; readonly pieceLength: number; readonly ranges: readonly PieceRange[] }
  /** The SHA-1 of each of some ranges of the content. */
  | { readonly kind: 'hashRanges'; readonly ranges: readonly ByteRange[] }
  /** Makes files, or gives them their length. */
  | { readonly kind: 'prepare'; readonly files: readonly { readonly fileIndex: number; readonly isNew: boolean }[] };

/** Consecutive pieces with their hashes, 20 bytes each. */
export interface PieceRange {
  readonly first: number;
  readonly hashes: Uint8Array;
}

export interface ByteRange {
  readonly offset: number;
  readonly length: number;
}

export type JobResult =
  /** Hashes, 20 bytes for each piece or range. */
  | { readonly kind: 'hashed'; readonly hashes: Uint8Array }
  /** The same for both parts of `hashContent`; what was not asked for is empty. */
  | { readonly kind: 'contentHashed'; readonly pieceHashes: Uint8Array; readonly fileHashes: Uint8Array }
  /** One byte for each piece that was asked for, in order: see `FOUND`. */
  | { readonly kind: 'verified'; readonly found: Uint8Array }
  | { readonly kind: 'prepared' }
  | { readonly kind: 'failed'; readonly failure: IoFailure };

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
    case 'hashRanges':
      return task.ranges.reduce((sum, range) => sum + range.length, 0);
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
    case 'hashRanges':
      return hashRanges(io, task.ranges);
    case 'prepare':
      return prepare(io, task.files);
  }
}

function* hashContent(io: ContentIo, task: Extract<ContentTask, { kind: 'hashContent' }>): JobSteps {
  const { part, pieceLength, reads } = task;
  const { totalBytes, files: allFiles } = io.map;
  const pieceCount = part === 'files' ? 0 : Math.ceil(totalBytes / pieceLength);
  const pieces = new ConsecutiveHashes(pieceCount, (index) => Math.min(pieceLength, totalBytes - index * pieceLength));
  const files = new ConsecutiveHashes(part === 'pieces' ? 0 : allFiles.length, (index) => io.map.file(index).length);
  const chunks = new SharedReads(io, reads, part === 'files' ? 1 : 0).chunks();
  for (let next = chunks.next(); ; next = chunks.next()) {
    if (next.done === true) {
      if (next.value !== undefined) return { kind: 'failed', failure: next.value };
      return { kind: 'contentHashed', pieceHashes: pieces.digests, fileHashes: files.digests };
    }
    const bytes = next.value;
    if (bytes !== undefined) {
      pieces.update(bytes);
      files.update(bytes);
    }
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

function* hashRanges(io: ContentIo, ranges: readonly ByteRange[]): JobSteps {
  const hashes = new Uint8Array(ranges.length * SHA1_BYTES);
  const longest = ranges.reduce((most, range) => Math.max(most, range.length), 0);
  const buffer = readBuffer(Math.min(STEP_BYTES, longest));
  let position = 0;
  let bytesInStep = 0;
  for (const range of ranges) {
    const running = startSha1();
    for (let done = 0; done < range.length; done += buffer.length) {
      const bytes = buffer.subarray(0, Math.min(buffer.length, range.length - done));
      const failure = io.read(range.offset + done, bytes);
      if (failure !== undefined) return { kind: 'failed', failure };
      running.update(bytes);
      bytesInStep += bytes.length;
      if (bytesInStep < STEP_BYTES) continue;
      yield bytesInStep;
      bytesInStep = 0;
    }
    hashes.set(running.digest(), position);
    position += SHA1_BYTES;
  }
  yield bytesInStep;
  return { kind: 'hashed', hashes };
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
