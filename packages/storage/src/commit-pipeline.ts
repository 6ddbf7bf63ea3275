import type { Metainfo, PieceIndex } from '@p2p/wire';

import { commitNow } from './commit-work.js';
import type { CommitResult } from './commit-work.js';
import type { ContentIo } from './content-io.js';
import type { ContentPlan } from './content-plan.js';
import type { AssembledPiece } from './piece-assembly.js';
import { arenaBytes } from './piece-assembly.js';
import { PieceArena } from './piece-arena.js';
import { SHA1_BYTES } from './sha1.js';
import type { StorageError } from './storage-error.js';
import type { StorageWorker } from './storage-worker.js';
import type { WorkerStore } from './worker-store.js';

/**
 * A content up to this size is hashed and written on the main thread: to start a worker takes 40 ms of a processor, as
 * long as this many bytes take.
 */
export const INLINE_CONTENT_BYTES = 8 * 1024 * 1024;

/** While the worker starts, pieces up to this length are done on the main thread; longer ones wait for it. */
export const INLINE_PIECE_BYTES = 1024 * 1024;

/** After so long the main thread lets the event loop turn before it does more pieces. */
export const INLINE_TURN_MS = 4;

/** What a pipeline works on. */
export interface PipelineParts {
  readonly metainfo: Metainfo;
  readonly plan: ContentPlan;
  readonly io: ContentIo;
  /** Undefined: everything is done on the main thread. */
  readonly worker: StorageWorker | undefined;
}

interface InlineCommit {
  readonly piece: PieceIndex;
  readonly assembled: AssembledPiece;
  readonly done: (outcome: CommitResult | StorageError) => void;
}

/** Somebody waits for these pieces. */
interface Settling {
  readonly left: Set<AssembledPiece>;
  readonly resolve: () => void;
}

/** Takes complete pieces to the disk: by the worker, or on the main thread where that is sooner done. */
export class CommitPipeline {
  /** Where pieces are put together; both threads see it. */
  readonly arena: PieceArena;
  readonly #parts: PipelineParts;
  readonly #inline: InlineCommit[] = [];
  #workerStore: WorkerStore | undefined;
  #isScheduled = false;
  readonly #underWay = new Set<AssembledPiece>();
  readonly #waiting = new Set<Settling>();

  constructor(parts: PipelineParts) {
    this.#parts = parts;
    const { layout } = parts.metainfo;
    const slotBytes = Math.min(layout.pieceLength, layout.totalBytes);
    this.arena = new PieceArena(slotBytes, arenaBytes(slotBytes), (memory) => this.#addChunk(memory));
  }

  /** Verifies and writes a piece; `done` comes later, exactly once. */
  commit(piece: PieceIndex, assembled: AssembledPiece, done: (outcome: CommitResult | StorageError) => void): void {
    this.#underWay.add(assembled);
    const finished = (outcome: CommitResult | StorageError): void => {
      this.#underWay.delete(assembled);
      done(outcome);
      this.#tellSettled(assembled);
    };
    const store = this.#workerStore;
    if (store === undefined || this.#isDoneInline(piece)) this.#commitInline({ piece, assembled, done: finished });
    else this.#commitByWorker(store, { piece, assembled, done: finished });
  }

  /** Blocks for a moment, if pieces are on their way. */
  waitForMemory(milliseconds: number): void {
    this.#workerStore?.waitForResult(milliseconds);
  }

  /** Returns when none of the pieces is on its way any more that are now; what comes later is not waited for. */
  settled(): Promise<void> {
    if (this.#underWay.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.add({ left: new Set(this.#underWay), resolve }));
  }

  /** Lets the worker forget the content. Nothing may be on its way. */
  close(): void {
    this.#workerStore?.close();
    this.#workerStore = undefined;
  }

  #isDoneInline(piece: PieceIndex): boolean {
    const { worker, metainfo } = this.#parts;
    if (worker?.isUsable !== true) return true;
    return !worker.isReady && metainfo.layout.pieceBytes(piece) <= INLINE_PIECE_BYTES;
  }

  #commitByWorker(store: WorkerStore, { piece, assembled, done }: InlineCommit): void {
    store.commit({
      piece,
      length: this.#parts.metainfo.layout.pieceBytes(piece),
      slot: assembled.kind === 'inMemory' ? assembled.slot : -1,
      expectedHash: this.#expectedHash(piece),
      release: () => this.#release(assembled),
      done,
    });
  }

  #commitInline(commit: InlineCommit): void {
    this.#inline.push(commit);
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => this.#turn());
  }

  #turn(): void {
    const deadline = performance.now() + INLINE_TURN_MS;
    for (let commit = this.#inline.shift(); commit !== undefined; commit = this.#inline.shift()) {
      const result = this.#commitNow(commit);
      this.#release(commit.assembled);
      commit.done(result);
      if (performance.now() >= deadline) break;
    }
    this.#isScheduled = this.#inline.length > 0;
    if (this.#isScheduled) setImmediate(() => this.#turn());
  }

  #commitNow({ piece, assembled }: InlineCommit): CommitResult {
    const { layout } = this.#parts.metainfo;
    const length = layout.pieceBytes(piece);
    return commitNow(this.#parts.io, {
      offset: layout.pieceOffset(piece),
      length,
      expectedHash: this.#expectedHash(piece),
      bytes: assembled.kind === 'inMemory' ? this.arena.bytes(assembled.slot).subarray(0, length) : undefined,
    });
  }

  #release(assembled: AssembledPiece): void {
    if (assembled.kind === 'inMemory') this.arena.release(assembled.slot);
  }

  #expectedHash(piece: PieceIndex): Uint8Array {
    return this.#parts.metainfo.pieceHashes.subarray(piece * SHA1_BYTES, (piece + 1) * SHA1_BYTES);
  }

  /** The first memory is asked for when the first block comes: the worker then starts while the rest of the piece does. */
  #addChunk(memory: SharedArrayBuffer): void {
    const { worker, plan, metainfo } = this.#parts;
    if (worker?.isUsable !== true || metainfo.layout.totalBytes <= INLINE_CONTENT_BYTES) return;
    this.#workerStore ??= worker.openStore(plan, metainfo.layout.pieceLength, this.arena.slotBytes);
    this.#workerStore.addChunk(memory);
  }

  #tellSettled(assembled: AssembledPiece): void {
    for (const settling of this.#waiting) {
      if (!settling.left.delete(assembled) || settling.left.size > 0) continue;
      this.#waiting.delete(settling);
      settling.resolve();
    }
  }
}
