import type { CheckOptions } from './piece-store.js';
import type { StorageWorker } from './storage-worker.js';

/** Choices for `openFilePieceStore`. Exactly one of `folder` and `path` is given. */
export interface FileStoreOptions {
  /** The content lies in this folder under its own name, made safe. It need not exist. */
  readonly folder?: string | undefined;
  /** The content is exactly this file, or for many files this folder, whatever its name. It need not exist. */
  readonly path?: string | undefined;
  /**
   * Where each file of the metainfo lies, in order, if the names on the disk are not the safe ones: `contentPaths` of
   * `createMetainfo`. Default: derived from the names.
   */
  readonly contentPaths?: readonly string[] | undefined;
  /**
   * A folder for the journal, made if missing. Default: none, so that nothing is remembered and what exists is verified
   * at every start.
   */
  readonly stateDir?: string | undefined;
  /** Take files as ours that are not this content, and write over them. Default: false. */
  readonly overwrite?: boolean | undefined;
  /**
   * Take the content as complete and right without reading it: after `createMetainfo`, which has just read it. Default:
   * false.
   */
  readonly assumeComplete?: boolean | undefined;
  /** Refuse to begin if the disk has less free space than is still missing. Default: true. */
  readonly checkFreeSpace?: boolean | undefined;
  /** Shared by several stores; whoever made it closes it. Default: one of its own, started when there is work. */
  readonly worker?: StorageWorker | undefined;
  /** Progress and end of the verification of what exists. */
  readonly check?: CheckOptions | undefined;
}

/** All choices made. */
export interface ResolvedFileStoreOptions {
  readonly place: { readonly folder: string } | { readonly path: string };
  readonly contentPaths: readonly string[] | undefined;
  readonly stateDir: string | undefined;
  readonly overwrite: boolean;
  readonly assumeComplete: boolean;
  readonly checkFreeSpace: boolean;
  readonly worker: StorageWorker | undefined;
  readonly check: CheckOptions;
}

/** What is chosen where the caller does not. */
export const DEFAULT_FILE_STORE_OPTIONS = Object.freeze({
  overwrite: false,
  assumeComplete: false,
  checkFreeSpace: true,
});

/**
 * Completes the options.
 *
 * @throws {TypeError} if a key is unknown, or a value is of the wrong kind
 * @throws {RangeError} if not exactly one of `folder` and `path` is given, or one is empty
 */
export function resolveFileStoreOptions(options: FileStoreOptions): ResolvedFileStoreOptions {
  rejectUnknownKeys('openFilePieceStore', options, FILE_STORE_KEYS);
  return {
    place: resolvePlace(options),
    contentPaths: options.contentPaths,
    stateDir: text('stateDir', options.stateDir),
    overwrite: flag('overwrite', options.overwrite) ?? DEFAULT_FILE_STORE_OPTIONS.overwrite,
    assumeComplete: flag('assumeComplete', options.assumeComplete) ?? DEFAULT_FILE_STORE_OPTIONS.assumeComplete,
    checkFreeSpace: flag('checkFreeSpace', options.checkFreeSpace) ?? DEFAULT_FILE_STORE_OPTIONS.checkFreeSpace,
    worker: options.worker,
    check: options.check ?? {},
  };
}

/** @throws {TypeError} if `options` has a key that is not in `known` */
export function rejectUnknownKeys(of: string, options: object, known: readonly string[]): void {
  for (const key of Object.keys(options)) {
    if (known.includes(key)) continue;
    throw new TypeError(`"${key}" is no option of ${of}; expected ${known.join(', ')}`);
  }
}

function resolvePlace(options: FileStoreOptions): ResolvedFileStoreOptions['place'] {
  const folder = text('folder', options.folder);
  const path = text('path', options.path);
  if (folder !== undefined && path === undefined) return { folder };
  if (path !== undefined && folder === undefined) return { path };
  throw new RangeError(`expected one of "folder" and "path", got ${folder === undefined ? 'none' : 'both'}`);
}

function text(name: string, value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'string') throw new TypeError(`"${name}" expected a string, got ${typeof value}`);
  if (value === '' || value.includes('\0'))
    throw new RangeError(`"${name}" expected a path, got ${JSON.stringify(value)}`);
  return value;
}

function flag(name: string, value: boolean | undefined): boolean | undefined {
  if (value !== undefined && typeof value !== 'boolean') {
    throw new TypeError(`"${name}" expected true or false, got ${typeof value}`);
  }
  return value;
}

const FILE_STORE_KEYS = [
  'folder',
  'path',
  'contentPaths',
  'stateDir',
  'overwrite',
  'assumeComplete',
  'checkFreeSpace',
  'worker',
  'check',
] as const;
