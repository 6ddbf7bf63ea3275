import { mkdtemp, rm, statfs } from 'node:fs/promises';
import { freemem, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { formatBytes } from '@p2p/cli';

import { SimError } from '../sim-error.js';

/** A folder of one run, and whether its files live in memory. */
export interface WorkFolder {
  readonly path: string;
  readonly isInMemory: boolean;
}

/**
 * Makes a folder with room for all copies.
 *
 * A memory file system is taken if everything fits: a run then measures the nodes and not the disk. Otherwise the
 * system's temporary folder.
 *
 * @param needs bytes of all files; bytes of memory that the nodes themselves will want
 * @throws {SimError} `no-room` if the files fit in neither
 */
export async function makeWorkFolder(needs: { fileBytes: number; memoryBytes: number }): Promise<WorkFolder> {
  const [memory, disk] = await Promise.all([freeBytesIn(MEMORY_FOLDER), freeBytesIn(tmpdir())]);
  const parent = chooseParent(needs, { memory, disk, ram: freemem() });
  if (parent === undefined) {
    const found = `${MEMORY_FOLDER} has room for ${formatBytes(memory)}, ${tmpdir()} for ${formatBytes(disk)}`;
    throw new SimError(
      'no-room',
      `the copies need ${formatBytes(needs.fileBytes)}, but ${found}; choose a smaller --size, fewer --peers, or another --work-dir`,
    );
  }
  const path = await mkdtemp(join(parent === 'memory' ? MEMORY_FOLDER : tmpdir(), 'p2p-sim-'));
  return { path, isInMemory: parent === 'memory' };
}

/** Makes a folder inside one that a person chose. Its path is absolute: nodes read one that begins with `-` as an option. */
export async function makeWorkFolderIn(parent: string): Promise<WorkFolder> {
  try {
    const path = await mkdtemp(join(resolve(parent), 'p2p-sim-'));
    return { path, isInMemory: path.startsWith(`${MEMORY_FOLDER}/`) };
  } catch (error) {
    throw new SimError('bad-option', `--work-dir: expected an existing folder that can be written to, got ${parent}`, {
      cause: error,
    });
  }
}

/** Removes the folder and all it holds. */
export async function removeWorkFolder(folder: WorkFolder): Promise<void> {
  await rm(folder.path, { recursive: true, force: true, maxRetries: 5 });
}

/**
 * Decides between memory and disk. A tenth more than the files is asked for; in memory, room for the nodes as well.
 *
 * @param free bytes free in the memory file system (0 if there is none), on disk, and in the machine's memory
 */
export function chooseParent(
  needs: { fileBytes: number; memoryBytes: number },
  free: { memory: number; disk: number; ram: number },
): 'memory' | 'disk' | undefined {
  const fileBytes = needs.fileBytes * 1.1;
  if (free.memory >= fileBytes && free.ram >= fileBytes + needs.memoryBytes) return 'memory';
  return free.disk >= fileBytes ? 'disk' : undefined;
}

async function freeBytesIn(folder: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    return 0;
  }
}

/** Linux's memory file system for everybody; other systems have none under this name. */
const MEMORY_FOLDER = '/dev/shm';
