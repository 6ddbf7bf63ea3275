import { dirname, resolve } from 'node:path';

import type { FileEntry, Metainfo } from '@p2p/wire';

import type { ContentFile } from './content-map.js';
import { safePath, safePaths } from './safe-path.js';

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
 * Decides where each file of a content lies.
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

interface Placed {
  readonly root: string;
  readonly contentPath: string;
  readonly located: readonly string[];
}

function placeFile(metainfo: Metainfo, place: ContentPlace): Placed {
  if ('path' in place) {
    const path = resolve(place.path);
    return { root: dirname(path), contentPath: path, located: [path] };
  }
  const root = resolve(place.folder);
  const path = safePath(root, [metainfo.name]);
  return { root, contentPath: path, located: [path] };
}

function placeFolder(metainfo: Metainfo, place: ContentPlace): Placed {
  if ('path' in place) {
    const root = resolve(place.path);
    return { root, contentPath: root, located: locate(metainfo, root, 1) };
  }
  const root = resolve(place.folder);
  return { root, contentPath: safePath(root, [metainfo.name]), located: locate(metainfo, root, 0) };
}

/** Padding takes no part: a content may hold thousands of paddings of one name, none of which is ever a file. */
function locate(metainfo: Metainfo, root: string, skippedElements: number): string[] {
  const names = metainfo.files.filter(isStored).map((entry) => entry.path.slice(skippedElements));
  const paths = safePaths(root, names);
  let next = 0;
  return metainfo.files.map((entry) => (isStored(entry) ? (paths[next++] ?? root) : root));
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
