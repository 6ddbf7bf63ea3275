import { createHash } from 'node:crypto';
import { dirname, join, resolve } from 'node:path';

import type { Bitfield } from '@p2p/wire';
import { toHex } from '@p2p/wire';

import { OPEN } from './file-system.js';
import type { FileSystem } from './file-system.js';
import {
  decodeJournal,
  encodeFiles,
  encodeJournalHeader,
  encodeLost,
  encodeSnapshot,
  encodeStored,
} from './journal-format.js';
import type { FileMark, JournalContent, JournalIdentity } from './journal-format.js';
import { storageErrorFrom, systemErrorName } from './storage-error.js';

/** What a journal is to say when it is written anew. */
export interface JournalSnapshot {
  readonly have: Bitfield;
  readonly files: readonly (FileMark | undefined)[];
  /** Whether the store is being closed in order. */
  readonly isClean: boolean;
}

/**
 * The file in which a store remembers its verified pieces from one start to the next.
 *
 * Only what is on the disk already may be appended (design decision D11). Calls must not overlap: the checkpoint, which
 * is the only caller, makes one at a time.
 */
export class Journal {
  readonly path: string;
  readonly #fileSystem: FileSystem;
  readonly #identity: JournalIdentity;
  #handle: number | undefined;
  #length = 0;
  #snapshotLength = 0;

  constructor(fileSystem: FileSystem, path: string, identity: JournalIdentity) {
    this.path = path;
    this.#fileSystem = fileSystem;
    this.#identity = identity;
  }

  /** Whether appending is no longer right: nothing was written yet, writing failed halfway, or it became long. */
  get needsSnapshot(): boolean {
    return this.#handle === undefined || this.#length > MAX_GROWTH * this.#snapshotLength + MIN_GROWTH_BYTES;
  }

  /**
   * What the journal says; undefined if there is none, or none for this content.
   *
   * A damaged end is ignored. A file that is no journal at all is put aside as `….bad`, not deleted.
   *
   * @throws {StorageError} if it cannot be read
   */
  async read(): Promise<JournalContent | undefined> {
    try {
      const bytes = await this.#readFile();
      if (bytes === undefined) return undefined;
      const content = decodeJournal(bytes, this.#identity);
      if (content === undefined && bytes.length > 0) await this.#fileSystem.rename(this.path, `${this.path}.bad`);
      return content?.files.length === this.#identity.fileCount ? content : undefined;
    } catch (error) {
      throw storageErrorFrom(error, 'read the journal', this.path);
    }
  }

  /**
   * Replaces the journal: written beside it, synced, and renamed over it, so that a crash leaves the old or the new one.
   *
   * @throws {StorageError} if the disk refuses; the old journal is then still there
   */
  async writeSnapshot(snapshot: JournalSnapshot): Promise<void> {
    const bytes = Buffer.concat([
      encodeJournalHeader(this.#identity),
      encodeSnapshot(snapshot.have),
      encodeFiles(snapshot.files, snapshot.isClean),
    ]);
    const beside = `${this.path}.new`;
    try {
      await this.close();
      await this.#fileSystem.makeFolders(dirname(this.path));
      const handle = await this.#fileSystem.open(beside, OPEN.rewrite, 0o666);
      try {
        await this.#writeFully(handle, bytes, 0);
        await this.#fileSystem.sync(handle);
        await this.#fileSystem.rename(beside, this.path);
      } catch (error) {
        await this.#fileSystem.close(handle);
        throw error;
      }
      this.#handle = handle;
      this.#length = bytes.length;
      this.#snapshotLength = bytes.length;
      await this.#syncFolder();
    } catch (error) {
      throw storageErrorFrom(error, 'write the journal', this.path);
    }
  }

  /**
   * Adds pieces that are on the disk, and takes out pieces that are lost.
   *
   * @throws {StorageError} if the disk refuses; the next call must be `writeSnapshot`
   */
  async append(stored: readonly number[], lost: readonly number[]): Promise<void> {
    const handle = this.#handle;
    if (handle === undefined) throw new TypeError('append before writeSnapshot');
    const records = [
      ...(lost.length > 0 ? [encodeLost(lost)] : []),
      ...(stored.length > 0 ? [encodeStored(stored)] : []),
    ];
    const bytes = Buffer.concat(records);
    try {
      await this.#writeFully(handle, bytes, this.#length);
      this.#length += bytes.length;
    } catch (error) {
      // What was written of the record may be followed by nothing: a reader would stop there.
      await this.close();
      throw storageErrorFrom(error, 'write the journal', this.path);
    }
  }

  /** Returns when what was appended is on the disk. */
  async sync(): Promise<void> {
    if (this.#handle === undefined) return;
    try {
      await this.#fileSystem.syncData(this.#handle);
    } catch (error) {
      throw storageErrorFrom(error, 'write the journal', this.path);
    }
  }

  /** Releases the file. */
  async close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    if (handle !== undefined) await this.#fileSystem.close(handle);
  }

  async #readFile(): Promise<Uint8Array | undefined> {
    const handle = await this.#openExisting();
    if (handle === undefined) return undefined;
    try {
      const length = Math.min(this.#fileSystem.factsOfHandleSync(handle).length, MAX_JOURNAL_BYTES);
      const bytes = new Uint8Array(length);
      let done = 0;
      while (done < length) {
        const count = await this.#fileSystem.read(handle, bytes.subarray(done), done);
        if (count === 0) break;
        done += count;
      }
      return bytes.subarray(0, done);
    } finally {
      await this.#fileSystem.close(handle);
    }
  }

  async #openExisting(): Promise<number | undefined> {
    try {
      return await this.#fileSystem.open(this.path, OPEN.read);
    } catch (error) {
      if (systemErrorName(error) === 'ENOENT') return undefined;
      throw error;
    }
  }

  async #writeFully(handle: number, bytes: Uint8Array, position: number): Promise<void> {
    for (let done = 0; done < bytes.length;) {
      done += await this.#fileSystem.write(handle, bytes.subarray(done), position + done);
    }
  }

  /** Windows cannot open a folder, and keeps its entries safe by itself. */
  async #syncFolder(): Promise<void> {
    if (process.platform === 'win32') return;
    const folder = await this.#fileSystem.open(dirname(this.path), OPEN.folder);
    try {
      await this.#fileSystem.sync(folder);
    } finally {
      await this.#fileSystem.close(folder);
    }
  }
}

/**
 * Where the journal of a content lies in a folder for such state: named by its info-hash, and by a part of the SHA-1 of
 * the place of the content, for two nodes on one machine may fetch the same content to two places.
 */
export function journalPath(stateDir: string, infoHash: Uint8Array, contentPath: string): string {
  const place = createHash('sha1').update(resolve(contentPath)).digest('hex').slice(0, 8);
  return join(resolve(stateDir), `${toHex(infoHash)}-${place}.journal`);
}

/** It is written anew when it has grown so many times over, and by so much. */
const MAX_GROWTH = 4;
const MIN_GROWTH_BYTES = 64 * 1024;

/** Far beyond what the most pieces and files make: nobody's film is read into memory because of its name. */
const MAX_JOURNAL_BYTES = 64 * 1024 * 1024;
