import type { CommitResult, CommitStatus } from './commit-work.js';
import { COMMIT_STATUS } from './commit-work.js';
import type { ContentJob, JobResult } from './content-job.js';
import type { ContentFile } from './content-map.js';
import { SHA1_BYTES } from './sha1.js';

/** What the main thread and the worker say to each other. Pieces go through rings, everything else by messages. */

/** Memory that both threads see, given to the worker when it starts. */
export interface SharedMemory {
  /** {@link CommitRecord}s to the worker. */
  readonly commits: SharedArrayBuffer;
  /** {@link ResultRecord}s from the worker. */
  readonly results: SharedArrayBuffer;
  /** Two integers, see {@link SIGNAL}. */
  readonly signals: SharedArrayBuffer;
}

export const SIGNAL = {
  /** Grows with everything that is sent to the worker, which sleeps on it. */
  toWorker: 0,
  /** 1 while a message about results is on its way to the main thread, so that there is at most one. */
  isMainCalled: 1,
} as const;

export type MessageToWorker =
  | {
      readonly kind: 'openStore';
      readonly storeId: number;
      readonly root: string;
      readonly files: readonly ContentFile[];
      readonly pieceLength: number;
      readonly slotBytes: number;
    }
  | { readonly kind: 'addChunk'; readonly storeId: number; readonly memory: SharedArrayBuffer }
  | { readonly kind: 'closeStore'; readonly storeId: number }
  | { readonly kind: 'startJob'; readonly jobId: number; readonly job: ContentJob }
  | { readonly kind: 'cancelJob'; readonly jobId: number }
  | { readonly kind: 'stop' };

export type MessageFromWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'results' }
  | { readonly kind: 'jobProgress'; readonly jobId: number; readonly bytes: number }
  | { readonly kind: 'jobDone'; readonly jobId: number; readonly result: JobResult };

/** A piece for the worker. */
export interface CommitRecord {
  readonly storeId: number;
  readonly piece: number;
  readonly length: number;
  /** -1 if the blocks already lie in the files. */
  readonly slot: number;
  readonly expectedHash: Uint8Array;
}

export const COMMIT_RECORD_WIDTH = 4 + SHA1_BYTES / 4;

/** Writes the record into `target`. */
export function packCommit(record: CommitRecord, target: Int32Array): void {
  target[0] = record.storeId;
  target[1] = record.piece;
  target[2] = record.length;
  target[3] = record.slot;
  new Uint8Array(target.buffer, target.byteOffset + 16, SHA1_BYTES).set(record.expectedHash);
}

/** The opposite of {@link packCommit}; the hash is a view. */
export function unpackCommit(source: Int32Array): CommitRecord {
  const [storeId = 0, piece = 0, length = 0, slot = 0] = source;
  return {
    storeId,
    piece,
    length,
    slot,
    expectedHash: new Uint8Array(source.buffer, source.byteOffset + 16, SHA1_BYTES),
  };
}

/** What became of a piece. */
export interface ResultRecord {
  readonly storeId: number;
  readonly piece: number;
  readonly result: CommitResult;
}

export const RESULT_RECORD_WIDTH = 5;

/** Writes the record into `target`. */
export function packResult({ storeId, piece, result }: ResultRecord, target: Int32Array): void {
  target.set([storeId, piece, result.status, result.errno, result.fileIndex]);
}

/** The opposite of {@link packResult}. */
export function unpackResult(source: Int32Array): ResultRecord {
  const [storeId = 0, piece = 0, status = 0, errno = 0, fileIndex = 0] = source;
  return { storeId, piece, result: { status: statusOf(status), errno, fileIndex } };
}

function statusOf(value: number): CommitStatus {
  if (value === COMMIT_STATUS.stored || value === COMMIT_STATUS.corrupt) return value;
  return COMMIT_STATUS.failed;
}
