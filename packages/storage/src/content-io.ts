import { dirname } from 'node:path';
import { getSystemErrorMap } from 'node:util';

import type { ContentMap } from './content-map.js';
import { OPEN } from './file-system.js';
import type { FileFacts, FileSystem } from './file-system.js';
import { HandlePool } from './handle-pool.js';
import { readBuffer } from './read-buffer.js';
import { storageErrorFrom, storageErrorFromNumber, systemErrorName, systemErrorNumber } from './storage-error.js';
import type { StorageError } from './storage-error.js';

/** What went wrong, in numbers only: a worker reports it through a ring of integers. */
export interface IoFailure {
  readonly fileIndex: number;
  /** As libuv has it, negative. */
  readonly errno: number;
}

/** Reads and writes ranges of a content across the borders of its files. Synchronous: see where it is used. */
export class ContentIo {
  readonly map: ContentMap;
  readonly #fileSystem: FileSystem;
  readonly #root: string;
  readonly #readable: HandlePool;
  readonly #writable: HandlePool;
  readonly #safeFolders = new Set<string>();

  /** @param root the folder below which no link is followed */
  constructor(fileSystem: FileSystem, map: ContentMap, root: string) {
    this.map = map;
    this.#fileSystem = fileSystem;
    this.#root = root;
    this.#readable = new HandlePool(fileSystem, (fileIndex) => this.#openToRead(fileIndex));
    this.#writable = new HandlePool(fileSystem, (fileIndex) => this.#openToWrite(fileIndex));
  }

  /** Fills `target` from `offset` of the content. Returns the failure, if any; `target` is then undefined in part. */
  read(offset: number, target: Uint8Array): IoFailure | undefined {
    let done = 0;
    for (const { fileIndex, begin, length } of this.map.segments(offset, target.length)) {
      const part = target.subarray(done, done + length);
      done += length;
      if (!this.map.file(fileIndex).isStored) part.fill(0);
      else {
        const failure = attempt(fileIndex, () => this.#readFile(fileIndex, begin, part));
        if (failure !== undefined) return failure;
      }
    }
    return undefined;
  }

  /** Whether the first bytes of a file are zeros; not if they cannot be read. */
  beginsWithZeros(fileIndex: number, length: number): boolean {
    const bytes = readBuffer(Math.min(length, BEGINNING_BYTES));
    const failure = attempt(fileIndex, () => this.#readFile(fileIndex, 0, bytes));
    return failure === undefined && bytes.every((byte) => byte === 0);
  }

  /** Makes zeros of what lies in padding files (BEP 47): it is never written, and reads as zeros. */
  clearPadding(offset: number, bytes: Uint8Array): void {
    if (!this.map.hasPadding) return;
    let done = 0;
    for (const { fileIndex, length } of this.map.segments(offset, bytes.length)) {
      if (!this.map.file(fileIndex).isStored) bytes.fill(0, done, done + length);
      done += length;
    }
  }

  /** Writes `bytes` at `offset` of the content. The files must be there: see {@link prepare}. */
  write(offset: number, bytes: Uint8Array): IoFailure | undefined {
    let done = 0;
    for (const { fileIndex, begin, length } of this.map.segments(offset, bytes.length)) {
      const part = bytes.subarray(done, done + length);
      done += length;
      if (!this.map.file(fileIndex).isStored) continue;
      const failure = attempt(fileIndex, () => this.#writeFile(fileIndex, begin, part));
      if (failure !== undefined) return failure;
    }
    return undefined;
  }

  /**
   * What lies in the place of a file, links not followed; undefined if nothing does.
   *
   * @param missing folders that were found missing in this pass, in which nothing need be looked for
   */
  facts(fileIndex: number, missing?: Set<string>): FileFacts | undefined {
    const { path } = this.map.file(fileIndex);
    const folder = dirname(path);
    if (missing?.has(folder) === true) return undefined;
    try {
      const isThere = this.#checkFolders(folder, false);
      if (!isThere) missing?.add(folder);
      return isThere ? this.#fileSystem.factsSync(path) : undefined;
    } catch (error) {
      throw storageErrorFrom(error, 'look at', path);
    }
  }

  /**
   * Makes the file if it is not there, and gives it its full length at once, without blocks: the file system need not
   * grow it again and again, and a person sees how long it will be.
   *
   * @param isNew whether it must not be there yet: one that appeared meanwhile is not ours
   */
  prepare(fileIndex: number, isNew: boolean): IoFailure | undefined {
    return attempt(fileIndex, () => {
      const { path, length, isExecutable } = this.map.file(fileIndex);
      this.#checkFolders(dirname(path), true);
      const mode = isExecutable ? 0o777 : 0o666;
      // What we have just made need not be looked at: it is a file, and empty.
      const handle = isNew
        ? this.#fileSystem.openSync(path, OPEN.createNew, mode)
        : this.#openRegular(path, OPEN.update, mode);
      try {
        const found = isNew ? 0 : this.#fileSystem.factsOfHandleSync(handle).length;
        if (found !== length) this.#fileSystem.truncateSync(handle, length);
      } finally {
        this.#fileSystem.closeSync(handle);
      }
    });
  }

  /** Reads what is there of a range, without blocking; rejects with what `node:fs` throws. */
  async readLater(offset: number, target: Uint8Array): Promise<void> {
    let done = 0;
    for (const { fileIndex, begin, length } of this.map.segments(offset, target.length)) {
      const part = target.subarray(done, done + length);
      done += length;
      if (this.map.file(fileIndex).isStored) await this.#readFileLater(fileIndex, begin, part);
      else part.fill(0);
    }
  }

  /** Returns when all that was written to the file, by whomever, is on the disk. */
  async syncData(fileIndex: number): Promise<void> {
    const pool = this.#canWrite(fileIndex) ? this.#writable : this.#readable;
    // Windows syncs only what it may write.
    if (pool === this.#readable && process.platform === 'win32') return;
    const handle = pool.pin(fileIndex);
    try {
      await this.#fileSystem.syncData(handle);
    } finally {
      pool.unpin(fileIndex);
    }
  }

  /** Closes all files. */
  close(): void {
    this.#readable.close();
    this.#writable.close();
  }

  /** A content that is shared may lie in files, or on a disk, that this user can only read. */
  #canWrite(fileIndex: number): boolean {
    try {
      this.#writable.handle(fileIndex);
      return true;
    } catch (error) {
      const name = systemErrorName(error) ?? '';
      if (['EACCES', 'EPERM', 'EROFS'].includes(name)) return false;
      throw error;
    }
  }

  #readFile(fileIndex: number, begin: number, target: Uint8Array): void {
    const handle = this.#readable.handle(fileIndex);
    for (let done = 0; done < target.length;) {
      const count = this.#fileSystem.readSync(handle, done === 0 ? target : target.subarray(done), begin + done);
      if (count === 0) throw systemError('EOF');
      done += count;
    }
  }

  async #readFileLater(fileIndex: number, begin: number, target: Uint8Array): Promise<void> {
    const handle = this.#readable.pin(fileIndex);
    try {
      for (let done = 0; done < target.length;) {
        const count = await this.#fileSystem.read(handle, target.subarray(done), begin + done);
        if (count === 0) throw systemError('EOF');
        done += count;
      }
    } finally {
      this.#readable.unpin(fileIndex);
    }
  }

  #writeFile(fileIndex: number, begin: number, bytes: Uint8Array): void {
    const handle = this.#writable.handle(fileIndex);
    for (let done = 0; done < bytes.length;) {
      done += this.#fileSystem.writeSync(handle, done === 0 ? bytes : bytes.subarray(done), begin + done);
    }
  }

  #openToRead(fileIndex: number): number {
    const { path } = this.map.file(fileIndex);
    this.#checkFolders(dirname(path), false);
    return this.#openRegular(path, OPEN.read);
  }

  #openToWrite(fileIndex: number): number {
    const { path } = this.map.file(fileIndex);
    this.#checkFolders(dirname(path), false);
    return this.#openRegular(path, OPEN.update);
  }

  #openRegular(path: string, flags: number, mode?: number): number {
    const handle = this.#fileSystem.openSync(path, flags, mode);
    if (this.#fileSystem.factsOfHandleSync(handle).kind === 'file') return handle;
    this.#fileSystem.closeSync(handle);
    throw systemError('EISDIR');
  }

  /**
   * Refuses symbolic links between the root and the file, which might lead out of the root, and makes the folders that
   * are missing. A folder is looked at once.
   *
   * @returns whether the folder is there
   */
  #checkFolders(folder: string, shouldMake: boolean): boolean {
    if (this.#safeFolders.has(folder)) return true;
    const isRoot = folder === this.#root || folder === dirname(folder) || !folder.startsWith(this.#root);
    if (isRoot) {
      this.#makeRoot(folder, shouldMake);
      return true;
    }
    const facts = this.#checkFolders(dirname(folder), shouldMake) ? this.#fileSystem.factsSync(folder) : undefined;
    if (facts === undefined) {
      if (!shouldMake) return false;
      this.#makeFolder(folder);
    } else if (facts.kind !== 'folder') {
      throw systemError(facts.kind === 'link' ? 'ELOOP' : 'ENOTDIR');
    }
    this.#safeFolders.add(folder);
    return true;
  }

  /** The user's own folder, and what is above it: links are the user's business. */
  #makeRoot(folder: string, shouldMake: boolean): void {
    if (!shouldMake || this.#fileSystem.factsSync(folder) !== undefined) return;
    this.#makeRoot(dirname(folder), shouldMake);
    this.#makeFolder(folder);
    this.#safeFolders.add(folder);
  }

  /** Another thread of this store may make the same one at the same time. */
  #makeFolder(folder: string): void {
    try {
      this.#fileSystem.makeFolderSync(folder);
    } catch (error) {
      if (this.#fileSystem.factsSync(folder)?.kind !== 'folder') throw error;
    }
  }
}

/** The failure as people see it. */
export function errorOfFailure(map: ContentMap, failure: IoFailure, doing: 'read' | 'write'): StorageError {
  return storageErrorFromNumber(failure.errno, doing, map.file(failure.fileIndex).path);
}

/** Whether a read failed because the file is missing, or ends before. */
export function isAbsence({ errno }: IoFailure): boolean {
  return errno === numberOf('ENOENT') || errno === numberOf('ENOTDIR') || errno === numberOf('EOF');
}

/** Turns an error of the system into a value; any other is a fault of ours and passes. */
function attempt(fileIndex: number, action: () => void): IoFailure | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    const errno = systemErrorNumber(error);
    if (errno === undefined) throw error;
    return { fileIndex, errno };
  }
}

/** An error like those of `node:fs`, for what only we notice. */
function systemError(code: string): Error {
  return Object.assign(new Error(code), { code, errno: numberOf(code) });
}

function numberOf(code: string): number {
  return numbers.get(code) ?? 0;
}

const numbers: ReadonlyMap<string, number> = new Map([...getSystemErrorMap()].map(([errno, [name]]) => [name, errno]));

/** More than a file has that some file system keeps without a block. */
const BEGINNING_BYTES = 4_096;
