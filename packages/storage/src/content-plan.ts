import { realpath } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

import type { FileEntry, Metainfo } from '@p2p/wire';

import type { ContentFile } from './content-map.js';
import { nodeFileSystem } from './file-system.js';
import type { FileFacts } from './file-system.js';
import { literalPath, safePath, safePaths } from './safe-path.js';

/** Where the content is to lie: in a folder under its own name, or exactly at a path. */
export type ContentPlace = { readonly folder: string } | { readonly path: string };

/** Where each file of a content lies. Can be posted to a worker. */
export interface ContentPlan {
  /** The folder that the user named: below it no symbolic link is followed. */
  readonly root: string;
  /** What a person would call the place of the content: its file or its folder. */
  readonly contentPath: string;
  readonly files: readonly ContentFile[];
}

/**
 * Decides where each file of a content lies: at its safe path, unless it is there already under its own name, as with
 * who published it.
 *
 * @param paths where the files really are, one for each entry, if the names on the disk need not be safe ones: for a
 *   content that was made from them (`createMetainfo`)
 * @throws {StorageError} `unsafe-path`
 */
export function planContent(metainfo: Metainfo, place: ContentPlace, paths?: readonly string[]): ContentPlan {
  if (paths !== undefined && paths.length !== metainfo.files.length) {
    throw new RangeError(`"contentPaths" expected ${metainfo.files.length} paths, one a file, got ${paths.length}`);
  }
  const { root, contentPath, located } = metainfo.isSingleFile
    ? placeFile(metainfo, place)
    : placeFolder(metainfo, place);
  const files = metainfo.files.map((entry, index) => contentFile(entry, paths?.[index] ?? located[index] ?? ''));
  return { root, contentPath, files };
}

/** A link that the user names is followed; links below it are not. */
export async function resolveLink(place: ContentPlace): Promise<ContentPlace> {
  if (!('path' in place)) return place;
  try {
    return { path: await realpath(place.path) };
  } catch {
    return { path: resolve(place.path) };
  }
}

interface Placed {
  readonly root: string;
  readonly contentPath: string;
  readonly located: readonly string[];
}

function placeFile(metainfo: Metainfo, place: ContentPlace): Placed {
  const path = 'path' in place ? resolve(place.path) : contentPathIn(resolve(place.folder), metainfo);
  return { root: 'path' in place ? dirname(path) : resolve(place.folder), contentPath: path, located: [path] };
}

function placeFolder(metainfo: Metainfo, place: ContentPlace): Placed {
  if ('path' in place) {
    const root = resolve(place.path);
    return { root, contentPath: root, located: locate(metainfo, root) };
  }
  const root = resolve(place.folder);
  const contentPath = contentPathIn(root, metainfo);
  return { root, contentPath, located: locate(metainfo, contentPath) };
}

/** Where in a folder a content lies: under its safe name, unless nothing does and it is there under its own. */
export function contentPathIn(folder: string, { name, isSingleFile }: Metainfo): string {
  const safe = safePath(folder, [name]);
  const literal = literalPath(folder, [name]);
  if (literal === undefined || factsAt(safe) !== undefined) return safe;
  return factsAt(literal)?.kind === (isSingleFile ? 'file' : 'folder') ? literal : safe;
}

/** Padding takes no part: a content may hold thousands of paddings of one name, none of which is ever a file. */
function locate(metainfo: Metainfo, contentPath: string): string[] {
  const names = metainfo.files.filter(isStored).map((entry) => entry.path.slice(1));
  const present = presentPaths(contentPath, names);
  const safe = safePaths(
    contentPath,
    names.filter((_, index) => present[index] === undefined),
  );
  let nextSafe = 0;
  const paths = present.map((path) => path ?? safe[nextSafe++] ?? contentPath);
  let next = 0;
  return metainfo.files.map((entry) => (isStored(entry) ? (paths[next++] ?? contentPath) : contentPath));
}

/** Which files are there under names of their own that are not safe ones; no two get the same file. */
function presentPaths(contentPath: string, names: readonly (readonly string[])[]): (string | undefined)[] {
  const folders = new Map<string, boolean>();
  const taken = new Set<string>();
  return names.map((elements) => {
    const path = literalPath(contentPath, elements);
    if (path === undefined || !isBelowFolders(dirname(path), contentPath, folders)) return undefined;
    const facts = factsAt(path);
    if (facts?.kind !== 'file') return undefined;
    // One file is found twice where the file system ignores case; two names of one file (hard links) are two.
    const key = `${facts.fileId}/${path.normalize('NFC').toLowerCase()}`;
    if (taken.has(key)) return undefined;
    taken.add(key);
    return path;
  });
}

/** No link is on the way from the root, which could lead out of it. */
function isBelowFolders(folder: string, root: string, known: Map<string, boolean>): boolean {
  if (folder.length <= root.length) return true;
  const before = known.get(folder);
  if (before !== undefined) return before;
  const isRight = isBelowFolders(dirname(folder), root, known) && factsAt(folder)?.kind === 'folder';
  known.set(folder, isRight);
  return isRight;
}

/** What cannot be looked at is not there for us: whoever opens the file at its safe path is told why. */
function factsAt(path: string): FileFacts | undefined {
  try {
    return nodeFileSystem.factsSync(path);
  } catch {
    return undefined;
  }
}

function isStored(entry: FileEntry): boolean {
  return !entry.isPadding && entry.symlinkTarget === undefined;
}

function contentFile(entry: FileEntry, path: string): ContentFile {
  return {
    path,
    length: entry.length,
    offset: entry.offset,
    isStored: isStored(entry),
    isExecutable: entry.isExecutable,
  };
}
