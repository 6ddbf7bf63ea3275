import type { FileSystem } from './file-system.js';

/** Files of one content that one thread keeps open at a time, for reading and again for writing. */
export const MAX_OPEN_FILES = 64;

interface Entry {
  readonly handle: number;
  pins: number;
}

/** Keeps the files used last open, up to {@link MAX_OPEN_FILES}. */
export class HandlePool {
  readonly #fileSystem: FileSystem;
  readonly #open: (fileIndex: number) => number;
  /** In the order of use: the first was used longest ago. */
  readonly #entries = new Map<number, Entry>();
  #latest: { readonly fileIndex: number; readonly entry: Entry } | undefined;

  constructor(fileSystem: FileSystem, open: (fileIndex: number) => number) {
    this.#fileSystem = fileSystem;
    this.#open = open;
  }

  /** The handle of a file, opened if it is not; good until the next call. */
  handle(fileIndex: number): number {
    return this.#entry(fileIndex).handle;
  }

  /** The same, but it stays open until it is unpinned. */
  pin(fileIndex: number): number {
    const entry = this.#entry(fileIndex);
    entry.pins += 1;
    return entry.handle;
  }

  unpin(fileIndex: number): void {
    const entry = this.#entries.get(fileIndex);
    if (entry !== undefined) entry.pins -= 1;
  }

  /** Closes all. */
  close(): void {
    this.#latest = undefined;
    for (const entry of this.#entries.values()) this.#fileSystem.closeSync(entry.handle);
    this.#entries.clear();
  }

  #entry(fileIndex: number): Entry {
    // One file, or many pieces of one file in a row: the common case moves nothing.
    if (this.#latest?.fileIndex === fileIndex) return this.#latest.entry;
    let entry = this.#entries.get(fileIndex);
    if (entry === undefined) {
      this.#makeRoom();
      entry = { handle: this.#open(fileIndex), pins: 0 };
    } else {
      this.#entries.delete(fileIndex);
    }
    this.#entries.set(fileIndex, entry);
    this.#latest = { fileIndex, entry };
    return entry;
  }

  /** Pinned handles are few (reads and syncs under way) and may exceed the bound for a moment. */
  #makeRoom(): void {
    if (this.#entries.size < MAX_OPEN_FILES) return;
    for (const [fileIndex, entry] of this.#entries) {
      if (entry.pins > 0) continue;
      this.#entries.delete(fileIndex);
      this.#latest = undefined;
      this.#fileSystem.closeSync(entry.handle);
      return;
    }
  }
}
