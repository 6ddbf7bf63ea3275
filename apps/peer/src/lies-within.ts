import { realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';

/** Whether a path, which need not be there yet, is that folder or lies in it, whatever links lead to either. */
export async function liesWithin(path: string, folder: string): Promise<boolean> {
  const way = relative(await realWhereThere(resolve(folder)), await realWhereThere(resolve(path)));
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** The absolute path without links, as far as it exists. */
export async function realWhereThere(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const folder = dirname(path);
    return folder === path ? path : join(await realWhereThere(folder), basename(path));
  }
}
