import { lstatSync } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, dirname, resolve } from 'node:path';

import { PieceLayout, decodeInfo, defaultPieceLength, encodeInfo, encodeMetainfo } from '@p2p/wire';
import type { InfoFields, Metainfo } from '@p2p/wire';

import { INLINE_CONTENT_BYTES } from './commit-pipeline.js';
import type { ContentHashes, HashedPart } from './content-job.js';
import type { ContentFile } from './content-map.js';
import { listFolder } from './folder-listing.js';
import type { ListedFile } from './folder-listing.js';
import { JobRunner } from './job-runner.js';
import { SHA1_BYTES } from './sha1.js';
import { allocateSharedReads } from './shared-reads.js';
import { StorageError, abortedBy, storageErrorFrom } from './storage-error.js';
import { rejectUnknownKeys } from './storage-options.js';
import { StorageWorker } from './storage-worker.js';

/** The shortest and longest piece one may choose: what other clients take. */
export const MIN_PIECE_LENGTH = 16 * 1024;
export const MAX_PIECE_LENGTH = 64 * 1024 * 1024;

/** Choices for {@link createMetainfo}. */
export interface CreateMetainfoOptions {
  /** Bytes in a piece: a power of two from 16 KiB to 64 MiB. Default: `defaultPieceLength` of the size. */
  readonly pieceLength?: number | undefined;
  /** Peers are to be found by no other way than the metainfo's own (BEP 27). Default: false. */
  readonly isPrivate?: boolean | undefined;
  /** What the content is called. Default: the name of the file or folder. */
  readonly name?: string | undefined;
  /** A remark for people; does not change the info-hash. Default: none. */
  readonly comment?: string | undefined;
  /** Ends the work: it then fails with `aborted`. */
  readonly signal?: AbortSignal | undefined;
  /** Called some times a second with the bytes done and the bytes in all. */
  readonly onProgress?: ((bytes: number, totalBytes: number) => void) | undefined;
}

/** What was made. */
export interface CreatedMetainfo {
  readonly metainfo: Metainfo;
  /** The contents of a `.torrent` file. */
  readonly torrentBytes: Uint8Array;
  /** Where each file lies, in the order of the metainfo: give it to `openFilePieceStore` to share from there. */
  readonly contentPaths: readonly string[];
  /** Symbolic links that were left out. */
  readonly skippedLinks: readonly string[];
}

/**
 * Makes the metainfo of a file or a folder, with the SHA-1 of every file (design decision D3).
 *
 * The same bytes, names and choices give the same info-hash on every machine: names are put into NFC and sorted by
 * their bytes, and times, owners and permissions are left out. Empty files are part of a folder, symbolic links below
 * it are not; a link named directly is followed. Hashing is done by two threads beside the calling one, one for the
 * pieces and one for the files, which share what they read; by one on a machine with one core; little content is hashed
 * at once.
 *
 * @throws {StorageError} `not-found`, `denied`, `not-a-file` (a device, pipe or socket), `unsafe-path`, `changed` if a
 *   file was written to meanwhile, `aborted`
 * @throws {TypeError|RangeError} if an option is wrong; or, before anything is hashed, if the info dictionary would be
 *   larger than 16 MiB or have some 2,000,000 values and keys, which 200,000 files do: choose longer pieces, or make
 *   several torrents of fewer files
 * @see BEP 3, "info dictionary"
 * @example
 * const { metainfo, torrentBytes } = await createMetainfo('holiday.mkv');
 * await writeFile('holiday.mkv.torrent', torrentBytes);
 */
export async function createMetainfo(path: string, options: CreateMetainfoOptions = {}): Promise<CreatedMetainfo> {
  checkOptions(options);
  const { signal } = options;
  if (signal?.aborted === true) throw abortedBy(signal);
  const source = await lookAt(path, signal);
  const files = contentFiles(source.files);
  const totalBytes = source.files.reduce((sum, file) => sum + file.length, 0);
  const pieceLength = options.pieceLength ?? defaultPieceLength(totalBytes);
  const encode = ({ pieceHashes, fileHashes }: MadeHashes): Uint8Array => {
    const name = options.name ?? source.name;
    return encodeInfo(describe(source, { name, pieceLength, pieceHashes, isPrivate: options.isPrivate }, fileHashes));
  };
  // What is too much for one torrent depends on no hash, so it is found with zeros for them, not after hours of hashing.
  encode(zeroHashes(new PieceLayout(pieceLength, totalBytes).pieceCount, files.length));
  const hashes = await hashContent({ source, files, pieceLength, totalBytes }, options);
  refuseChanges(source.files);
  const infoBytes = encode(hashes);
  return {
    metainfo: decodeInfo(infoBytes),
    torrentBytes: encodeMetainfo(infoBytes, { comment: options.comment }),
    contentPaths: source.files.map((file) => file.path),
    skippedLinks: source.skippedLinks,
  };
}

interface Source {
  readonly name: string;
  readonly isSingleFile: boolean;
  readonly root: string;
  readonly files: readonly ListedFile[];
  readonly skippedLinks: readonly string[];
}

async function lookAt(given: string, signal: AbortSignal | undefined): Promise<Source> {
  const name = basename(resolve(given)).normalize('NFC');
  try {
    const path = await realpath(given);
    const stats = await stat(path, { bigint: true });
    if (stats.isDirectory()) return await lookAtFolder(path, name, signal);
    if (!stats.isFile()) throw new StorageError('not-a-file', `${path} is neither a file nor a folder`, { path });
    const file = { names: [name], path, length: Number(stats.size), modifiedNs: stats.mtimeNs };
    return { name, isSingleFile: true, root: dirname(path), files: [file], skippedLinks: [] };
  } catch (error) {
    if (signal?.aborted === true) throw abortedBy(signal);
    throw storageErrorFrom(error, 'read', given);
  }
}

async function lookAtFolder(path: string, name: string, signal: AbortSignal | undefined): Promise<Source> {
  const { files, skippedLinks } = await listFolder(path, signal);
  if (files.length === 0) throw new StorageError('not-found', `the folder ${path} has no file in it`, { path });
  if (name === '') throw new RangeError('"name" is needed to share the root of a file system, got none');
  return { name, isSingleFile: false, root: path, files, skippedLinks };
}

function contentFiles(files: readonly ListedFile[]): ContentFile[] {
  let offset = 0;
  return files.map(({ path, length }) => {
    const file = { path, length, offset, isStored: true, isExecutable: false };
    offset += length;
    return file;
  });
}

interface HashInput {
  readonly source: Source;
  readonly files: readonly ContentFile[];
  readonly pieceLength: number;
  readonly totalBytes: number;
}

type MadeHashes = Pick<ContentHashes, 'pieceHashes' | 'fileHashes'>;

/** One thread for the pieces and one for the files, where there are two cores: no more would help, a file's hash cannot be split. */
async function hashContent(input: HashInput, options: CreateMetainfoOptions): Promise<MadeHashes> {
  const isShared = availableParallelism() > 1 && input.totalBytes > INLINE_CONTENT_BYTES;
  const parts: readonly (readonly HashedPart[])[] = isShared ? [['pieces'], ['files']] : [['pieces', 'files']];
  const { source, files, pieceLength, totalBytes } = input;
  const done = parts.map(() => 0);
  const report = (index: number, bytes: number): void => {
    done[index] = bytes;
    options.onProgress?.(Math.floor(done.reduce((sum, each) => sum + each, 0) / parts.length), totalBytes);
  };
  const ending = new AbortController();
  const signal = options.signal === undefined ? ending.signal : AbortSignal.any([options.signal, ending.signal]);
  const reads = allocateSharedReads(totalBytes, isShared ? 2 : 1);
  const run = async (of: readonly HashedPart[], index: number): Promise<ContentHashes> => {
    const worker = new StorageWorker();
    const shared = { reads, reader: index === 0 ? 0 : 1 } as const;
    try {
      const job = { root: source.root, files, task: { kind: 'hashContent', of, pieceLength, shared } } as const;
      return await new JobRunner(worker).hash(job, { signal, onProgress: (bytes) => report(index, bytes) });
    } finally {
      await worker.close();
    }
  };
  const all = parts.map(run);
  try {
    const [first, second = first] = await Promise.all(all);
    if (first === undefined || second === undefined) throw new TypeError('no job to hash was run');
    return { pieceHashes: first.pieceHashes, fileHashes: second.fileHashes };
  } catch (error) {
    // The other thread ends as well, and has ended when this returns.
    ending.abort();
    await Promise.allSettled(all);
    throw error;
  }
}

function zeroHashes(pieceCount: number, fileCount: number): MadeHashes {
  return { pieceHashes: new Uint8Array(pieceCount * SHA1_BYTES), fileHashes: new Uint8Array(fileCount * SHA1_BYTES) };
}

/** A file that was written to while it was hashed may have pieces from before and a hash from after. */
function refuseChanges(files: readonly ListedFile[]): void {
  for (const { path, length, modifiedNs } of files) {
    const now = lstatSync(path, { bigint: true, throwIfNoEntry: false });
    if (now !== undefined && Number(now.size) === length && now.mtimeNs === modifiedNs) continue;
    throw new StorageError('changed', `${path} was changed while it was read; try again when it is complete`, { path });
  }
}

function describe(
  source: Source,
  common: Pick<InfoFields, 'name' | 'pieceLength' | 'pieceHashes' | 'isPrivate'>,
  fileHashes: Uint8Array,
): InfoFields {
  const hashOf = (index: number): Uint8Array => fileHashes.subarray(index * SHA1_BYTES, (index + 1) * SHA1_BYTES);
  if (source.isSingleFile) return { ...common, length: source.files[0]?.length ?? 0, sha1: hashOf(0) };
  const files = source.files.map(({ names, length }, index) => ({ path: names, length, sha1: hashOf(index) }));
  return { ...common, files };
}

function checkOptions(options: CreateMetainfoOptions): void {
  rejectUnknownKeys('createMetainfo', options, OPTION_KEYS);
  const { pieceLength, name } = options;
  if (name === '') throw new RangeError('"name" expected at least one character, got none');
  if (pieceLength === undefined) return;
  const isPowerOfTwo = Number.isInteger(pieceLength) && Number.isInteger(Math.log2(pieceLength));
  if (isPowerOfTwo && pieceLength >= MIN_PIECE_LENGTH && pieceLength <= MAX_PIECE_LENGTH) return;
  const expected = `a power of two from ${MIN_PIECE_LENGTH} to ${MAX_PIECE_LENGTH}`;
  throw new RangeError(`"pieceLength" expected ${expected}, got ${pieceLength}`);
}

const OPTION_KEYS = ['pieceLength', 'isPrivate', 'name', 'comment', 'signal', 'onProgress'] as const;
