import { basename, dirname, join, resolve } from 'node:path';

import { CliError } from '@p2p/cli';

import { liesWithin, realWhereThere } from './lies-within.js';
import { type Destination, findDestination } from './write-atomically.js';

/**
 * Looks where a .torrent file is to be written, before any content is read for it.
 *
 * @param content the file or folder it describes: a .torrent file in there would become a part of the content, and be a
 *   different one each time it is written
 * @throws {CliError} `refused` if it would lie in the content, or if what is there cannot be replaced
 */
export async function findTorrentOutput(out: string, content: string): Promise<Destination> {
  const destination = await findDestination(out);
  if (!(await liesWithin(destination.path, content))) return destination;
  const root = await realWhereThere(resolve(content));
  const path = await realWhereThere(resolve(destination.path));
  const [what, elsewhere] =
    path === root
      ? ['is what it describes', `${path}.torrent`]
      : [`lies in ${content}, and would become a part of what it describes`, join(dirname(root), basename(path))];
  throw new CliError('refused', `${out} ${what}; write it elsewhere, such as ${elsewhere}`);
}
