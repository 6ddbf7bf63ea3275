import type { CommitResult } from './commit-work.js';
import type { StorageError } from './storage-error.js';
import type { CommitRecord } from './worker-protocol.js';

/** What a {@link WorkerStore} asks of the worker it belongs to. */
export interface WorkerLink {
  submit(record: CommitRecord): void;
  addChunk(memory: SharedArrayBuffer): void;
  waitForResult(milliseconds: number): void;
  close(): void;
}

/** A committed piece on its way. */
export interface WorkerCommit {
  readonly piece: number;
  readonly length: number;
  /** -1 if the blocks already lie in the files. */
  readonly slot: number;
  readonly expectedHash: Uint8Array;
  /** The memory of the piece is free again. May come while the main thread waits for memory: do nothing else in it. */
  readonly release: () => void;
  /** The outcome, from the event loop. */
  readonly done: (outcome: CommitResult | StorageError) => void;
}

/** One content's pieces on their way to the worker and back. */
export class WorkerStore {
  readonly #storeId: number;
  readonly #link: WorkerLink;
  readonly #underWay = new Map<number, WorkerCommit>();
  #taken: { readonly commit: WorkerCommit; readonly result: CommitResult }[] = [];

  constructor(storeId: number, link: WorkerLink) {
    this.#storeId = storeId;
    this.#link = link;
  }

  /** Sends a piece; at most one of each index may be under way. */
  commit(commit: WorkerCommit): void {
    this.#underWay.set(commit.piece, commit);
    const { piece, length, slot, expectedHash } = commit;
    this.#link.submit({ storeId: this.#storeId, piece, length, slot, expectedHash });
  }

  /** Lets the worker see more memory for pieces. */
  addChunk(memory: SharedArrayBuffer): void {
    this.#link.addChunk(memory);
  }

  /** Blocks for a moment, so that the worker may free some memory. */
  waitForResult(milliseconds: number): void {
    if (this.#underWay.size > 0) this.#link.waitForResult(milliseconds);
  }

  /** The worker has done a piece. */
  take(piece: number, result: CommitResult): void {
    const commit = this.#underWay.get(piece);
    if (commit === undefined) return;
    this.#underWay.delete(piece);
    commit.release();
    this.#taken.push({ commit, result });
  }

  /** Calls those who wait for what was taken. */
  deliver(): void {
    const taken = this.#taken;
    if (taken.length === 0) return;
    this.#taken = [];
    for (const { commit, result } of taken) commit.done(result);
  }

  /** The worker is gone. */
  fail(error: StorageError): void {
    this.deliver();
    const lost = [...this.#underWay.values()];
    this.#underWay.clear();
    for (const commit of lost) {
      commit.release();
      commit.done(error);
    }
  }

  /** Forgets the content. Nothing may be under way. */
  close(): void {
    this.#link.close();
  }
}
