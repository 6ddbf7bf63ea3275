import { lstat, mkdir, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { CliError } from '@p2p/cli';

/** Where a file is to be written. */
export interface Destination {
  /** The path itself, or the file that a link at it leads to. */
  readonly path: string;
  /** Permissions of the file that is there, if one is. */
  readonly mode?: number;
}

/**
 * Looks at what lies where a file is to be written.
 *
 * @throws {CliError} `refused` if that is no regular file (a folder, a pipe, a device), or a link that leads nowhere
 */
export async function findDestination(path: string): Promise<Destination> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() === true) return { path: await realpath(path), mode: found.mode & PERMISSIONS };
  if (found !== undefined) throw new CliError('refused', `${path} is not a regular file; choose another name`);
  if ((await lstat(path).catch(() => undefined)) !== undefined) {
    throw new CliError('refused', `${path} is a symbolic link that leads nowhere; remove it, or choose another name`);
  }
  return { path };
}

/**
 * Writes a file that is afterwards either the old one or the new one, never a part: beside it, synced, then renamed.
 *
 * Folders that are missing are made. A link is followed, and the file it leads to replaced; its permissions stay.
 *
 * @throws {CliError} `refused` as {@link findDestination}
 */
export async function writeAtomically(path: string, bytes: Uint8Array | string): Promise<void> {
  const destination = await findDestination(path);
  const folder = dirname(destination.path);
  await mkdir(folder, { recursive: true });
  const temporary = join(folder, `.${basename(destination.path)}.${process.pid}.${++lastNumber}`);
  try {
    const file = await open(temporary, 'wx');
    try {
      if (destination.mode !== undefined) await file.chmod(destination.mode);
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, destination.path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

const PERMISSIONS = 0o777;

/** Two writes of one process at once must not meet in one temporary file. */
let lastNumber = 0;
