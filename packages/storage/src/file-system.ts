import {
  close,
  closeSync,
  constants,
  fdatasync,
  fstatSync,
  fsync,
  ftruncateSync,
  lstatSync,
  mkdir,
  mkdirSync,
  open,
  openSync,
  read,
  readSync,
  rename,
  unlink,
  write,
  writeSync,
} from 'node:fs';
import type { BigIntStats } from 'node:fs';

/**
 * The few calls by which a store touches the disk, so that a test can make any one of them fail.
 *
 * Those that end in `Sync` block: they are called where the page cache answers, or on the worker. The rest runs on
 * libuv's thread pool. All throw, or reject with, the errors of `node:fs`.
 */
export interface FileSystem {
  openSync(path: string, flags: number, mode?: number): number;
  closeSync(handle: number): void;
  /** Reads at most `target.length` bytes at `position`; 0 at the end of the file. */
  readSync(handle: number, target: Uint8Array, position: number): number;
  /** Writes at most all of `bytes` at `position`; says how many. */
  writeSync(handle: number, bytes: Uint8Array, position: number): number;
  truncateSync(handle: number, length: number): void;
  /** What lies at `path`, links not followed; undefined if nothing does. */
  factsSync(path: string): FileFacts | undefined;
  factsOfHandleSync(handle: number): FileFacts;
  makeFolderSync(path: string): void;

  open(path: string, flags: number, mode?: number): Promise<number>;
  close(handle: number): Promise<void>;
  read(handle: number, target: Uint8Array, position: number): Promise<number>;
  write(handle: number, bytes: Uint8Array, position: number): Promise<number>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** With those above it; no error if it is there. */
  makeFolders(path: string): Promise<void>;
  /** Returns when the bytes of the file are on the disk (fdatasync). */
  syncData(handle: number): Promise<void>;
  /** Returns when the bytes and the properties of the file, or the entries of the folder, are on the disk (fsync). */
  sync(handle: number): Promise<void>;
}

/** What a store wants to know about a file. */
export interface FileFacts {
  readonly kind: 'file' | 'folder' | 'link' | 'other';
  readonly length: number;
  /** Bytes on the disk: less than `length` where the file has holes. */
  readonly allocatedBytes: number;
  /** Nanoseconds since 1970. */
  readonly modifiedNs: bigint;
  /** Differs from that of every other file of the same disk, also of one put in its place later. */
  readonly fileId: bigint;
}

/** Flags for opening: links are not followed, and a pipe in the place of a file does not block. */
export const OPEN = {
  read: constants.O_RDONLY | guards(),
  update: constants.O_RDWR | guards(),
  create: constants.O_RDWR | constants.O_CREAT | guards(),
  createNew: constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | guards(),
  rewrite: constants.O_RDWR | constants.O_CREAT | constants.O_TRUNC | guards(),
  folder: constants.O_RDONLY,
} as const;

/** The real file system. */
export const nodeFileSystem: FileSystem = {
  openSync: (path, flags, mode) => openSync(path, flags, mode),
  closeSync: (handle) => closeSync(handle),
  readSync: (handle, target, position) => readSync(handle, target, 0, target.length, position),
  writeSync: (handle, bytes, position) => writeSync(handle, bytes, 0, bytes.length, position),
  truncateSync: (handle, length) => ftruncateSync(handle, length),
  factsSync: (path) => factsOf(lstatSync(path, { bigint: true, throwIfNoEntry: false })),
  factsOfHandleSync: (handle) => factsOf(fstatSync(handle, { bigint: true })),
  makeFolderSync: (path) => mkdirSync(path),

  open: (path, flags, mode) => settle<number>((done) => open(path, flags, mode, done)),
  close: (handle) => settleVoid((done) => close(handle, done)),
  read: (handle, target, position) =>
    settle<number>((done) => read(handle, target, 0, target.length, position, (error, count) => done(error, count))),
  write: (handle, bytes, position) =>
    settle<number>((done) => write(handle, bytes, 0, bytes.length, position, (error, count) => done(error, count))),
  makeFolders: (path) => settleVoid((done) => mkdir(path, { recursive: true }, (error) => done(error))),
  remove: (path) => settleVoid((done) => unlink(path, done)),
  rename: (from, to) => settleVoid((done) => rename(from, to, done)),
  syncData: (handle) => settleVoid((done) => fdatasync(handle, done)),
  sync: (handle) => settleVoid((done) => fsync(handle, done)),
};

function factsOf(stats: BigIntStats): FileFacts;
function factsOf(stats: BigIntStats | undefined): FileFacts | undefined;
function factsOf(stats: BigIntStats | undefined): FileFacts | undefined {
  return (
    stats && {
      kind: kindOf(stats),
      length: Number(stats.size),
      allocatedBytes: Number(stats.blocks) * 512,
      modifiedNs: stats.mtimeNs,
      // The inode alone is given to the next file when this one is removed.
      fileId: BigInt.asUintN(64, stats.ino ^ (stats.birthtimeNs * SPREADING_FACTOR)),
    }
  );
}

/** Odd, with bits all over: 2^64 divided by the golden ratio. */
const SPREADING_FACTOR = 0x9e3779b97f4a7c15n;

function kindOf(stats: BigIntStats): FileFacts['kind'] {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'folder';
  return stats.isSymbolicLink() ? 'link' : 'other';
}

type Done<T> = (error: NodeJS.ErrnoException | null, value: T) => void;

function settle<T>(start: (done: Done<T>) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    start((error, value) => {
      if (error === null) resolve(value);
      else reject(error);
    });
  });
}

function settleVoid(start: (done: (error: NodeJS.ErrnoException | null) => void) => void): Promise<void> {
  return settle<undefined>((done) => {
    start((error) => {
      done(error, undefined);
    });
  });
}

/** The types promise both on every system; Windows has neither (and making a link there takes a privilege). */
function guards(): number {
  const noFollow = 'O_NOFOLLOW' in constants ? constants.O_NOFOLLOW : 0;
  const noBlock = 'O_NONBLOCK' in constants ? constants.O_NONBLOCK : 0;
  return noFollow | noBlock;
}
