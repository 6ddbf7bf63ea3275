import type { Metainfo } from '@p2p/wire';

import { ContentIo } from './content-io.js';
import type { ContentFile } from './content-map.js';
import { ContentMap } from './content-map.js';
import { planContent, resolveLink } from './content-plan.js';
import type { ContentPlace } from './content-plan.js';
import { nodeFileSystem } from './file-system.js';
import type { FileFacts } from './file-system.js';
import { findInTurns } from './known-files.js';
import { StorageError, storageErrorFrom } from './storage-error.js';

/**
 * Looks whether every file of a content is where it belongs and has its full length; nothing is read or changed.
 *
 * @param place where the content lies, as a store would be told
 * @returns `not-found`, `changed` or what the disk says for the first file that is not as it should be, undefined if all are
 */
export async function missingFile(metainfo: Metainfo, place: ContentPlace): Promise<StorageError | undefined> {
  const plan = planContent(metainfo, await resolveLink(place));
  return missingFileOf(new ContentIo(nodeFileSystem, new ContentMap(plan.files), plan.root));
}

/** The same where it is known already where each file lies. */
export function missingFileOf(io: ContentIo): Promise<StorageError | undefined> {
  return findInTurns(io.map.files, (file, fileIndex) => (file.isStored ? look(io, fileIndex, file) : undefined));
}

/** What is wrong with a stored file of a content that was complete; undefined if nothing is. */
export function faultOf({ path, length }: ContentFile, found: FileFacts | undefined): StorageError | undefined {
  if (found === undefined) return new StorageError('not-found', `${path} is not there any more`, { path });
  if (found.kind !== 'file') return new StorageError('changed', `${path} is not a regular file any more`, { path });
  if (found.length === length) return undefined;
  return new StorageError('changed', `${path} has ${found.length} bytes; expected ${length}`, { path });
}

function look(io: ContentIo, fileIndex: number, file: ContentFile): StorageError | undefined {
  try {
    return faultOf(file, io.facts(fileIndex));
  } catch (error) {
    return storageErrorFrom(error, 'look at', file.path);
  }
}
