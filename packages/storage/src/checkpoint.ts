import type { Bitfield } from '@p2p/wire';

import type { ContentIo } from './content-io.js';
import type { FileFacts } from './file-system.js';
import type { FileMark } from './journal-format.js';
import type { Journal } from './journal.js';
import { storageErrorFrom } from './storage-error.js';

/** Verified pieces reach the disk and the journal at the latest after so long, or so many bytes (design decision D11). */
export const CHECKPOINT_INTERVAL_MS = 1_000;
export const CHECKPOINT_BYTES = 64 * 1024 * 1024;

/** What a {@link Checkpoint} works on. */
export interface CheckpointParts {
  readonly io: ContentIo;
  /** Undefined if nothing is to be remembered: then `flush` only syncs. */
  readonly journal: Journal | undefined;
  readonly pieceLength: number;
  /** The pieces that are on the disk already; the checkpoint keeps it, and changes it. */
  readonly synced: Bitfield;
  /** The files when the store was opened. */
  readonly marks: readonly (FileMark | undefined)[];
  /** Whether the journal says already that the store was closed in order: that of a complete content, unless changed. */
  readonly isJournalClean: boolean;
}

/**
 * Brings what was written to the disk, and then into the journal, in this order, so that the journal never claims what a
 * power cut could take away.
 *
 * One round at a time: sync the files that were written, append the pieces. What is stored meanwhile waits for the next.
 */
export class Checkpoint {
  readonly #parts: CheckpointParts;
  readonly #stored = new Set<number>();
  readonly #lost = new Set<number>();
  #storedBytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> = Promise.resolve();
  /** That run or wait. */
  #rounds = 0;
  #isClosed = false;
  #isJournalClean: boolean;
  /** Something is synced that the journal does not say. */
  #isJournalBehind = false;
  /** Why pieces could not be synced: the next start has to verify. */
  #doubt: Error | undefined;
  #failure: Error | undefined;

  constructor(parts: CheckpointParts) {
    this.#parts = parts;
    this.#isJournalClean = parts.isJournalClean;
  }

  /** A piece was written. */
  noteStored(piece: number, bytes: number): void {
    this.#isJournalClean = false;
    this.#stored.add(piece);
    this.#storedBytes += bytes;
    if (this.#storedBytes >= CHECKPOINT_BYTES && this.#rounds === 0) this.#start();
    else this.#schedule();
  }

  /** A piece that was stored is no longer right. */
  noteLost(piece: number): void {
    this.#isJournalClean = false;
    this.#stored.delete(piece);
    this.#lost.add(piece);
    this.#schedule();
  }

  /**
   * Returns when what was noted before is on the disk and in the journal, and the journal itself on the disk.
   *
   * @throws {StorageError} if the disk refuses, now or in a round since the last call; from then on always, if pieces could not be
   *   synced: they may never come to be on the disk
   */
  async flush(): Promise<void> {
    await this.#finish();
    if (this.#doubt !== undefined) throw this.#doubt;
  }

  /** Flushes, and marks the journal as closed in order. Nothing may be noted afterwards. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    const { journal } = this.#parts;
    try {
      await this.#finish();
    } finally {
      if (!this.#isJournalClean) await this.#writeClean();
      await journal?.close();
    }
  }

  /** Ends what was noted, and tells a failure once. */
  async #finish(): Promise<void> {
    this.#start();
    await this.#round;
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure !== undefined) throw failure;
    await this.#parts.journal?.sync();
  }

  #schedule(): void {
    if (this.#timer !== undefined || this.#rounds > 0 || this.#isClosed) return;
    this.#timer = setTimeout(() => this.#start(), CHECKPOINT_INTERVAL_MS);
    // To end without closing loses no more than a crash would.
    this.#timer.unref();
  }

  /** Queues a round behind those that run or wait: the journal takes one call at a time. */
  #start(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#rounds += 1;
    this.#round = this.#round
      .then(() => this.#run())
      .catch((error: unknown) => {
        this.#failure ??= error instanceof Error ? error : new Error(String(error));
      })
      .finally(() => {
        this.#rounds -= 1;
        if (this.#stored.size > 0 || this.#lost.size > 0) this.#schedule();
      });
  }

  async #run(): Promise<void> {
    const stored = [...this.#stored];
    const lost = [...this.#lost];
    this.#stored.clear();
    this.#lost.clear();
    this.#storedBytes = 0;
    const { journal, synced, marks } = this.#parts;
    for (const piece of lost) synced.clear(piece);
    // After a round that failed the journal lacks what that one had to say: then only all of it will do.
    const isAppendEnough = !this.#isJournalBehind && journal?.needsSnapshot === false;
    if (stored.length + lost.length > 0) this.#isJournalBehind = true;
    await this.#syncPieces(stored);
    if (!this.#isJournalBehind) return;
    // Nothing more will be written to it: from now on a file that changes is one that somebody else has changed.
    const isComplete = synced.isFull && this.#stored.size + this.#lost.size === 0;
    if (isComplete) await this.#writeClean();
    else if (isAppendEnough) await journal.append(stored, lost);
    else await journal?.writeSnapshot({ have: synced, files: marks, isClean: false });
    this.#isJournalBehind = false;
  }

  /** Marks the journal as closed in order, unless something may not be on the disk. */
  async #writeClean(): Promise<void> {
    const { journal, io, synced, marks } = this.#parts;
    // A file that somebody put in the place of ours is none of ours.
    const files = marksOf(io).map((mark, index) => (mark?.fileId === marks[index]?.fileId ? mark : undefined));
    await journal?.writeSnapshot({ have: synced, files, isClean: this.#doubt === undefined });
    this.#isJournalClean = this.#doubt === undefined;
  }

  /**
   * If it fails the pieces are not tried again: after a failed sync the system may hold the bytes for clean, and a
   * second one would succeed without them. The next start finds by verifying what really is there.
   */
  async #syncPieces(pieces: readonly number[]): Promise<void> {
    try {
      await this.#syncFiles(pieces);
    } catch (error) {
      this.#doubt ??= error instanceof Error ? error : new Error(String(error));
      throw error;
    }
    for (const piece of pieces) this.#parts.synced.set(piece);
  }

  async #syncFiles(pieces: readonly number[]): Promise<void> {
    const { io, pieceLength } = this.#parts;
    const files = new Set<number>();
    for (const piece of pieces) {
      for (const { fileIndex } of io.map.storedSegments(piece * pieceLength, pieceLength)) files.add(fileIndex);
    }
    for (const fileIndex of files) {
      const { path } = io.map.file(fileIndex);
      try {
        await io.syncData(fileIndex);
      } catch (error) {
        throw storageErrorFrom(error, 'write', path);
      }
    }
  }
}

/** What the journal is to remember of the files. */
export function marksOf(io: ContentIo): (FileMark | undefined)[] {
  return io.map.files.map((file, fileIndex) => (file.isStored ? markOf(io.facts(fileIndex)) : undefined));
}

function markOf(facts: FileFacts | undefined): FileMark | undefined {
  return facts && { length: facts.length, modifiedNs: facts.modifiedNs, fileId: facts.fileId };
}
