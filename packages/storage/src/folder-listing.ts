import { lstatSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';

import { MAX_PATH_DEPTH } from './safe-path.js';
import { StorageError, storageErrorFrom, systemErrorName } from './storage-error.js';

/** A file below a folder. */
export interface ListedFile {
  /** The elements of its path below the folder, in NFC: the same on every machine. */
  readonly names: readonly string[];
  /** Where it really is. */
  readonly path: string;
  readonly length: number;
  readonly modifiedNs: bigint;
}

/** What is below a folder. */
export interface FolderListing {
  /** In the order of the bytes of their names. */
  readonly files: readonly ListedFile[];
  /** Symbolic links, which are left out: what they lead to may be elsewhere on another machine, or nowhere. */
  readonly skippedLinks: readonly string[];
}

/**
 * Lists the files below a folder, hidden and empty ones included, in an order that does not depend on the machine.
 *
 * @throws {StorageError} `not-a-file` at a device, pipe or socket; `unsafe-path` at a name that is no UTF-8, two names
 *   that only differ in their Unicode form, or more than 100 levels; or what the disk says
 */
export async function listFolder(folder: string, signal?: AbortSignal): Promise<FolderListing> {
  const found: { files: ListedFile[]; skippedLinks: string[] } = { files: [], skippedLinks: [] };
  // Not recursive: neither depth nor width of the tree is on the stack.
  const folders: { names: readonly string[]; path: string }[] = [{ names: [], path: folder }];
  for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
    for (const [position, name] of (await namesIn(next.path)).entries()) {
      const path = join(next.path, name);
      const names = [...next.names, name.normalize('NFC')];
      const kind = addEntry(found, names, path);
      if (kind === 'folder') folders.push({ names, path });
      if (position % ENTRIES_PER_TURN === ENTRIES_PER_TURN - 1) await setImmediate();
    }
    signal?.throwIfAborted();
  }
  return { files: sortByName(found.files), skippedLinks: found.skippedLinks.sort(compareText) };
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    throw storageErrorFrom(error, 'read the folder', folder);
  }
}

function addEntry(
  found: { files: ListedFile[]; skippedLinks: string[] },
  names: readonly string[],
  path: string,
): 'folder' | 'other' {
  const stats = statsOf(path);
  if (stats.isDirectory()) {
    if (names.length < MAX_PATH_DEPTH) return 'folder';
    throw new StorageError('unsafe-path', `${path} lies more than ${MAX_PATH_DEPTH} folders deep`, { path });
  }
  if (stats.isSymbolicLink()) found.skippedLinks.push(path);
  else if (stats.isFile()) {
    found.files.push({ names, path, length: Number(stats.size), modifiedNs: stats.mtimeNs });
  } else {
    throw new StorageError('not-a-file', `${path} is neither a file nor a folder; move it out of the folder`, { path });
  }
  return 'other';
}

function statsOf(path: string) {
  try {
    return lstatSync(path, { bigint: true });
  } catch (error) {
    // A name that is no UTF-8 comes with replacement characters, under which nothing is found.
    if (systemErrorName(error) !== 'ENOENT' || !path.includes('\uFFFD')) throw storageErrorFrom(error, 'look at', path);
    throw new StorageError('unsafe-path', `${path}: the name is not valid UTF-8; rename the file`, { path });
  }
}

function sortByName(files: readonly ListedFile[]): ListedFile[] {
  // NUL is in no name and below all that is: element by element, by the bytes of UTF-8.
  const keyed = files.map((file) => ({ file, key: Buffer.from(file.names.join('\0')) }));
  keyed.sort((left, right) => left.key.compare(right.key));
  keyed.forEach(({ file, key }, index) => {
    const next = keyed[index + 1];
    if (next?.key.equals(key) !== true) return;
    const message = `${file.path} and ${next.file.path} differ only in the Unicode form of their names; rename one`;
    throw new StorageError('unsafe-path', message, { path: file.path });
  });
  return keyed.map(({ file }) => file);
}

function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

const ENTRIES_PER_TURN = 256;
