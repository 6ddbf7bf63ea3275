import { Bitfield } from '@p2p/wire';
import type { BlockRef, Metainfo, PieceIndex } from '@p2p/wire';

import { ChangeWatch } from './change-watch.js';
import type { Checkpoint } from './checkpoint.js';
import type { CommitPipeline } from './commit-pipeline.js';
import { COMMIT_STATUS } from './commit-work.js';
import type { CommitResult } from './commit-work.js';
import { errorOfFailure } from './content-io.js';
import type { ContentIo } from './content-io.js';
import type { ContentHashes, HashedPart } from './content-job.js';
import type { ContentPlan } from './content-plan.js';
import type { FileFacts } from './file-system.js';
import type { JobRunner } from './job-runner.js';
import { missingFileOf } from './missing-file.js';
import { PieceAssembly } from './piece-assembly.js';
import { PieceReader } from './piece-reader.js';
import type { CheckOptions, CommitOutcome, ContentSha1s, PieceStore, ReadOutcome } from './piece-store.js';
import { verifyInto } from './resume.js';
import type { Resumed } from './resume.js';
import { SHA1_BYTES } from './sha1.js';
import { StorageError } from './storage-error.js';

/** What a {@link FilePieceStore} is made of; `openFilePieceStore` puts it together. */
export interface FilePieceStoreParts {
  readonly metainfo: Metainfo;
  readonly plan: ContentPlan;
  readonly io: ContentIo;
  readonly jobs: JobRunner;
  readonly pipeline: CommitPipeline;
  readonly checkpoint: Checkpoint;
  readonly have: Bitfield;
  /** What lay in the place of each file before anything was made or written. */
  readonly facts: readonly (FileFacts | undefined)[];
  readonly resumed: Resumed;
  /** Ends what belongs to this store alone, last. */
  readonly release: () => Promise<void>;
}

/** A {@link PieceStore} in files. Made by `openFilePieceStore`. */
export class FilePieceStore implements PieceStore {
  readonly metainfo: Metainfo;
  /** How the content was found when the store was opened. */
  readonly resumed: Resumed;
  /** The file, or for many files the folder, in which the content lies. */
  readonly contentPath: string;
  readonly #parts: FilePieceStoreParts;
  readonly #have: Bitfield;
  readonly #assembly: PieceAssembly;
  readonly #reader: PieceReader;
  readonly #watch: ChangeWatch;
  readonly #committing = new Set<PieceIndex>();
  /** Of each verification that runs: pieces that were committed since it began, of which what it read says nothing. */
  readonly #touched = new Set<Set<PieceIndex>>();
  readonly #jobs = new Set<Promise<unknown>>();
  readonly #closing = new AbortController();
  #closed: Promise<void> | undefined;

  constructor(parts: FilePieceStoreParts) {
    const { io, pipeline, metainfo } = parts;
    this.metainfo = metainfo;
    this.resumed = parts.resumed;
    this.contentPath = parts.plan.contentPath;
    this.#parts = parts;
    this.#have = parts.have;
    this.#watch = new ChangeWatch(io, () => performance.now(), parts.have.isFull ? parts.facts : []);
    this.#reader = new PieceReader({
      layout: metainfo.layout,
      io,
      isStored: (piece) => this.#have.has(piece),
      // Until all is there, we write to the files ourselves.
      faultOf: (offset, length) => (this.#have.isFull ? this.#watch.faultOf(offset, length) : undefined),
    });
    this.#assembly = new PieceAssembly({
      layout: metainfo.layout,
      arena: pipeline.arena,
      spill: (offset, bytes) => io.write(offset, bytes),
      waitForMemory: (milliseconds) => pipeline.waitForMemory(milliseconds),
    });
  }

  writeBlock(piece: PieceIndex, begin: number, data: Uint8Array): void {
    if (this.#closed !== undefined || this.#have.has(piece) || this.#committing.has(piece)) return;
    this.#assembly.write(piece, begin, data);
  }

  commitPiece(piece: PieceIndex, done: (outcome: CommitOutcome) => void): void {
    const assembled = this.#assembly.take(piece);
    if (assembled === undefined || this.#closed !== undefined) {
      const outcome = this.#outcomeWithoutBlocks(piece);
      queueMicrotask(() => done(outcome));
      return;
    }
    this.#committing.add(piece);
    for (const touched of this.#touched) touched.add(piece);
    this.#parts.pipeline.commit(piece, assembled, (result) => {
      this.#committing.delete(piece);
      done(this.#settle(piece, result, assembled.kind === 'spilled' ? assembled.failure : undefined));
    });
  }

  discardPiece(piece: PieceIndex): void {
    this.#assembly.discard(piece);
  }

  readBlock(block: BlockRef, done: (outcome: ReadOutcome) => void): void {
    this.#reader.read(block, done);
  }

  have(): Bitfield {
    return this.#have.clone();
  }

  async verifyPiece(piece: PieceIndex): Promise<boolean> {
    const found = await this.#verify([piece], {});
    return found.has(piece);
  }

  async verifyAll(options: CheckOptions = {}): Promise<Bitfield> {
    const found = await this.#verify([...this.metainfo.layout.pieces()], options);
    if (found.isFull) this.#watch.trust();
    return found;
  }

  async wholeSha1(options: CheckOptions = {}): Promise<Uint8Array> {
    const { wholeHash } = await this.#hash(['whole'], options);
    return wholeHash;
  }

  async contentSha1s(options: CheckOptions = {}): Promise<ContentSha1s> {
    const { wholeHash, fileHashes } = await this.#hash(['whole', 'files'], options);
    const hashOf = (index: number): Uint8Array => fileHashes.subarray(index * SHA1_BYTES, (index + 1) * SHA1_BYTES);
    return { whole: wholeHash, files: this.metainfo.files.map((_, index) => hashOf(index)) };
  }

  /** {@link missingFile} of what lies here: what was moved or deleted since is written to all the same while it is held open. */
  missingFile(): Promise<StorageError | undefined> {
    return missingFileOf(this.#parts.io);
  }

  async flush(): Promise<void> {
    this.#refuseIfClosed();
    await this.#parts.pipeline.settled();
    await this.#parts.checkpoint.flush();
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    const { pipeline, checkpoint, io, release } = this.#parts;
    this.#closing.abort();
    await Promise.allSettled(this.#jobs);
    await this.#reader.close();
    await pipeline.settled();
    pipeline.close();
    try {
      await checkpoint.close();
    } finally {
      io.close();
      await release();
    }
  }

  #outcomeWithoutBlocks(piece: PieceIndex): CommitOutcome {
    if (this.#closed !== undefined) return { kind: 'failed', error: new StorageError('closed', 'the store is closed') };
    return this.#have.has(piece) ? { kind: 'stored' } : { kind: 'corrupt' };
  }

  #settle(piece: PieceIndex, result: CommitResult | StorageError, spillFailure: CommitFailure): CommitOutcome {
    const { io, checkpoint } = this.#parts;
    if (result instanceof StorageError) return { kind: 'failed', error: result };
    // Blocks that could not be written explain why the piece read back is wrong.
    if (result.status !== COMMIT_STATUS.stored && spillFailure !== undefined) {
      return { kind: 'failed', error: errorOfFailure(io.map, spillFailure, 'write') };
    }
    switch (result.status) {
      case COMMIT_STATUS.stored:
        this.#have.set(piece);
        checkpoint.noteStored(piece, this.metainfo.layout.pieceBytes(piece));
        return { kind: 'stored' };
      case COMMIT_STATUS.corrupt:
        return { kind: 'corrupt' };
      case COMMIT_STATUS.failed:
        return { kind: 'failed', error: errorOfFailure(io.map, result, 'write') };
    }
  }

  async #verify(pieces: readonly PieceIndex[], check: CheckOptions): Promise<Bitfield> {
    this.#refuseIfClosed();
    const { metainfo, plan, jobs } = this.#parts;
    // What is being written meanwhile is neither right nor wrong.
    const settled = pieces.filter((piece) => !this.#committing.has(piece));
    const right = new Bitfield(metainfo.layout.pieceCount);
    const touched = new Set<PieceIndex>();
    this.#touched.add(touched);
    try {
      await this.#run(check, (signal) =>
        verifyInto(right, settled, { metainfo, plan, jobs, check: { ...check, signal } }),
      );
    } finally {
      this.#touched.delete(touched);
    }
    for (const piece of settled) if (!touched.has(piece)) this.#take(piece, right.has(piece));
    return this.have();
  }

  /** A piece was read back, and is right or not. */
  #take(piece: PieceIndex, isRight: boolean): void {
    const { metainfo, checkpoint } = this.#parts;
    if (isRight) {
      if (this.#have.set(piece)) checkpoint.noteStored(piece, metainfo.layout.pieceBytes(piece));
    } else if (this.#have.clear(piece)) {
      this.#reader.forget(piece);
      checkpoint.noteLost(piece);
    }
  }

  /** Long work: whoever closes the store need not wait until it is through. */
  async #run<T>({ signal }: CheckOptions, job: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const closing = this.#closing.signal;
    const running = job(signal === undefined ? closing : AbortSignal.any([signal, closing]));
    this.#jobs.add(running);
    try {
      return await running;
    } catch (error) {
      if (closing.aborted && signal?.aborted !== true) this.#refuseIfClosed();
      throw error;
    } finally {
      this.#jobs.delete(running);
    }
  }

  async #hash(of: readonly HashedPart[], check: CheckOptions): Promise<ContentHashes> {
    this.#refuseIfClosed();
    const { plan, jobs } = this.#parts;
    const { pieceCount, pieceLength } = this.metainfo.layout;
    if (!this.#have.isFull) {
      throw new StorageError('missing-piece', `only ${this.#have.count} of ${pieceCount} pieces are stored`);
    }
    const task = { kind: 'hashContent', of, pieceLength } as const;
    const job = { root: plan.root, files: plan.files, task };
    return this.#run(check, (signal) => jobs.hash(job, { ...check, signal }));
  }

  #refuseIfClosed(): void {
    if (this.#closed !== undefined) throw new StorageError('closed', 'the store is closed');
  }
}

type CommitFailure = Parameters<typeof errorOfFailure>[1] | undefined;
