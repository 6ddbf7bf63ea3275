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
  const missing = new Set<string>();
  await findInTurns(io.map.files, ({ isStored, path }, fileIndex) => {
    const facts = isStored ? io.facts(fileIndex, missing) : undefined;
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
    return undefined;
  });
  return result;
}

/** Which files have no byte yet but holes. One that is very short may be told as without blocks though it is not: NTFS. */
export async function lookForEmpty(io: ContentIo, facts: readonly (FileFacts | undefined)[]): Promise<boolean[]> {
  const result: boolean[] = [];
  await findInTurns(facts, (found, fileIndex) => {
    const isHole = found?.allocatedBytes === 0 && found.length > 0;
    result.push(found?.length === 0 || (isHole && io.beginsWithZeros(fileIndex, found.length)));
    return undefined;
  });
  return result;
}

/** Looks at one after the other until a look finds something, which is returned, and lets the event loop turn in between. */
export async function findInTurns<T, Found>(
  items: readonly T[],
  look: (item: T, index: number) => Found | undefined,
): Promise<Found | undefined> {
  for (const [index, item] of items.entries()) {
    const found = look(item, index);
    if (found !== undefined) return found;
    if (index % LOOKS_PER_TURN === LOOKS_PER_TURN - 1) await setImmediate();
  }
  return undefined;
}

/** Looking at a file takes about ten microseconds. */
const LOOKS_PER_TURN = 256;
