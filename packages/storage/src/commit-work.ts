import { sameBytes } from '@p2p/wire';

import type { ContentIo } from './content-io.js';
import { readBuffer } from './read-buffer.js';
import { sha1, startSha1 } from './sha1.js';

/** One piece to be verified and kept, as the thread that does it sees it. */
export interface CommitWork {
  /** Where the piece begins in the content. */
  readonly offset: number;
  readonly length: number;
  /** 20 bytes. */
  readonly expectedHash: Uint8Array;
  /** The piece, ours to change; undefined if its blocks already lie in the files, because there was no room to put it together. */
  readonly bytes: Uint8Array | undefined;
}

/** How it went, in integers that fit a ring. */
export interface CommitResult {
  readonly status: CommitStatus;
  /** Of a failure; else 0. */
  readonly errno: number;
  readonly fileIndex: number;
}

export const COMMIT_STATUS = { stored: 0, corrupt: 1, failed: 2 } as const;
export type CommitStatus = (typeof COMMIT_STATUS)[keyof typeof COMMIT_STATUS];

/** Hashes a piece and, if it is right, writes it. Blocks; run by the worker, or by the main thread for small contents. */
export function commitNow(io: ContentIo, work: CommitWork): CommitResult {
  if (work.bytes === undefined) return verifySpilled(io, work);
  io.clearPadding(work.offset, work.bytes);
  if (!sameBytes(sha1(work.bytes), work.expectedHash)) return corrupt;
  const failure = io.write(work.offset, work.bytes);
  return failure === undefined ? stored : { status: COMMIT_STATUS.failed, ...failure };
}

function verifySpilled(io: ContentIo, work: CommitWork): CommitResult {
  const running = startSha1();
  const buffer = readBuffer(Math.min(SPILLED_READ_BYTES, work.length));
  for (let done = 0; done < work.length; done += buffer.length) {
    const part = buffer.subarray(0, Math.min(buffer.length, work.length - done));
    const failure = io.read(work.offset + done, part);
    if (failure !== undefined) return { status: COMMIT_STATUS.failed, ...failure };
    running.update(part);
  }
  return sameBytes(running.digest(), work.expectedHash) ? stored : corrupt;
}

const stored: CommitResult = { status: COMMIT_STATUS.stored, errno: 0, fileIndex: 0 };
const corrupt: CommitResult = { status: COMMIT_STATUS.corrupt, errno: 0, fileIndex: 0 };

const SPILLED_READ_BYTES = 256 * 1024;
