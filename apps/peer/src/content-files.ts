import { lstat, realpath } from 'node:fs/promises';

import { safePaths, StorageError } from '@p2p/storage';
import type { Metainfo } from '@p2p/wire';

/**
 * Looks whether every file of a content is where it belongs and has its full length; nothing is read or changed.
 *
 * @param contentPath the file, or for many files the folder, in which the content lies
 * @returns `not-found` or `changed` for the first file that is not as it should be, undefined if all are
 */
export async function missingFile(metainfo: Metainfo, contentPath: string): Promise<StorageError | undefined> {
  for (const { path, length } of await locate(metainfo, contentPath)) {
    const found = await lstat(path).catch(() => undefined);
    if (found === undefined) return new StorageError('not-found', `${path} is not there any more`, { path });
    if (!found.isFile()) return new StorageError('changed', `${path} is not a regular file any more`, { path });
    if (found.size !== length) {
      return new StorageError('changed', `${path} has ${found.size} bytes; expected ${length}`, { path });
    }
  }
  return undefined;
}

/** The same places that storage finds: a link to the whole is followed, padding and links within are no files. */
async function locate(metainfo: Metainfo, contentPath: string): Promise<{ path: string; length: number }[]> {
  const root = await realpath(contentPath).catch(() => contentPath);
  if (metainfo.isSingleFile) return [{ path: root, length: metainfo.layout.totalBytes }];
  const stored = metainfo.files.filter((file) => !file.isPadding && file.symlinkTarget === undefined);
  const paths = safePaths(
    root,
    stored.map((file) => file.path.slice(1)),
  );
  return stored.map(({ length }, index) => ({ path: paths[index] ?? root, length }));
}
