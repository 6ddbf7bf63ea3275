import { setImmediate } from 'node:timers/promises';

import type { ContentIo } from './content-io.js';
import type { FileFacts } from './file-system.js';
import { StorageError } from './storage-error.js';

/** What is known of the files before any of them is verified. */
export interface KnownFiles {
  readonly facts: readonly (FileFacts | undefined)[];
  readonly ours: readonly boolean[];
  readonly isEmpty: readonly boolean[];
}

/** What lies in the place of each file, nothing of it read; a link or a folder in the place of a file is refused. */
export async function lookAtFiles(io: ContentIo): Promise<(FileFacts | undefined)[]> {
  const result: (FileFacts | undefined)[] = [];
  for (const [fileIndex, { isStored, path }] of io.map.files.entries()) {
    const facts = isStored ? io.facts(fileIndex) : undefined;
    if (facts?.kind === 'link') {
      throw new StorageError('unsafe-path', `${path} is a symbolic link; remove it, or choose another folder`, {
        path,
      });
    }
    if (facts !== undefined && facts.kind !== 'file') {
      throw new StorageError('not-a-file', `${path} is not a regular file; remove it, or choose another folder`, {
        path,
      });
    }
    result.push(facts);
    if (fileIndex % FILES_PER_TURN === FILES_PER_TURN - 1) await setImmediate();
  }
  return result;
}

/** Which files have no byte yet but holes. One that is very short may be told as without blocks though it is not: NTFS. */
export async function lookForEmpty(io: ContentIo, facts: readonly (FileFacts | undefined)[]): Promise<boolean[]> {
  const result: boolean[] = [];
  for (const [fileIndex, found] of facts.entries()) {
    const isHole = found?.allocatedBytes === 0 && found.length > 0;
    result.push(found?.length === 0 || (isHole && io.beginsWithZeros(fileIndex, found.length)));
    if (fileIndex % FILES_PER_TURN === FILES_PER_TURN - 1) await setImmediate();
  }
  return result;
}

/** Looking at a file takes about ten microseconds. */
export const FILES_PER_TURN = 256;
