import { getSystemErrorName } from 'node:util';

/** Why bytes at rest could not be had, or kept. */
export type StorageErrorCode =
  /** A file that is not this content lies where the content belongs; nothing was changed. */
  | 'foreign-file'
  /** No space, no quota, or more than the file system can hold in one file. */
  | 'disk-full'
  /** The operating system forbids it: permissions, or a read-only file system. */
  | 'denied'
  /** A file or folder that must exist does not. */
  | 'not-found'
  /** A name or link that would lead, or might lead, out of the folder. */
  | 'unsafe-path'
  /** Neither a regular file nor a folder: a device, a socket, a pipe. */
  | 'not-a-file'
  /** A file became shorter or otherwise different while it was in use. */
  | 'changed'
  /** The piece that was asked for is not stored, or not verified. */
  | 'missing-piece'
  /** The process, or the system, has no more file handles. */
  | 'too-many-open-files'
  /** The caller's signal ended the work. */
  | 'aborted'
  /** The store was closed before, or while, it was asked. */
  | 'closed'
  /** Anything else the operating system reports; `cause` and the message say what. */
  | 'io';

/** What is known about a {@link StorageError} beside its message. */
export interface StorageErrorDetails {
  /** The file or folder concerned. */
  readonly path?: string | undefined;
  /** The error this one was made from. */
  readonly cause?: unknown;
}

/**
 * The one error of this package: the world failed, and says how.
 *
 * Test `code`, never the message.
 */
export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly code: StorageErrorCode;
  readonly path?: string;

  constructor(code: StorageErrorCode, message: string, details: StorageErrorDetails = {}) {
    super(message, details.cause === undefined ? {} : { cause: details.cause });
    this.code = code;
    if (details.path !== undefined) this.path = details.path;
  }
}

/**
 * Makes a {@link StorageError} of what a `node:fs` call threw.
 *
 * @param error what was thrown; a StorageError is returned as it is
 * @param doing the attempt in words that follow "cannot": `write`
 * @param path the file or folder concerned
 */
export function storageErrorFrom(error: unknown, doing: string, path: string): StorageError {
  if (error instanceof StorageError) return error;
  const name = systemErrorName(error) ?? 'unknown error';
  return new StorageError(codeOf(name), `cannot ${doing} ${path}: ${reasonOf(name)}`, { path, cause: error });
}

/** The same from an error number (negative, as libuv has it), which is all that a worker reports. */
export function storageErrorFromNumber(errno: number, doing: string, path: string): StorageError {
  const name = errno < 0 ? getSystemErrorName(errno) : 'unknown error';
  return new StorageError(codeOf(name), `cannot ${doing} ${path}: ${reasonOf(name)}`, { path });
}

/** What a caller's signal makes of its work. */
export function abortedBy(signal: AbortSignal): StorageError {
  return new StorageError('aborted', 'stopped by the caller', { cause: signal.reason });
}

/** The system's number of an error (negative), or undefined if the error is not the system's. */
export function systemErrorNumber(error: unknown): number | undefined {
  return error instanceof Error && 'errno' in error && typeof error.errno === 'number' ? error.errno : undefined;
}

/** The system's name of an error (`ENOSPC`), or undefined if the error is not the system's. */
export function systemErrorName(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

function codeOf(name: string): StorageErrorCode {
  return explanations.get(name)?.code ?? 'io';
}

function reasonOf(name: string): string {
  const reason = explanations.get(name)?.reason;
  return reason === undefined ? name : `${reason} (${name})`;
}

const explanations: ReadonlyMap<string, { readonly code: StorageErrorCode; readonly reason: string }> = new Map([
  ['ENOSPC', { code: 'disk-full', reason: 'no space left on the disk; free some and start again, nothing is lost' }],
  ['EDQUOT', { code: 'disk-full', reason: 'the quota of this user is used up; free some space and start again' }],
  ['EFBIG', { code: 'disk-full', reason: 'larger than the file system or a limit of this process allows' }],
  ['EACCES', { code: 'denied', reason: 'permission denied' }],
  ['EPERM', { code: 'denied', reason: 'operation not permitted' }],
  ['EROFS', { code: 'denied', reason: 'the file system is read-only' }],
  ['ENOENT', { code: 'not-found', reason: 'no such file or folder' }],
  ['ENOTDIR', { code: 'not-found', reason: 'a part of the path is a file, not a folder' }],
  ['EISDIR', { code: 'not-a-file', reason: 'it is a folder' }],
  ['ELOOP', { code: 'unsafe-path', reason: 'a part of the path is a symbolic link, which might lead elsewhere' }],
  ['EEXIST', { code: 'foreign-file', reason: 'a file appeared there meanwhile' }],
  ['EMFILE', { code: 'too-many-open-files', reason: 'this process has too many files open' }],
  ['ENFILE', { code: 'too-many-open-files', reason: 'the system has too many files open' }],
  ['EOF', { code: 'changed', reason: 'it ends earlier than it should; it was shortened meanwhile' }],
  ['EIO', { code: 'io', reason: 'the device reports an error' }],
]);
