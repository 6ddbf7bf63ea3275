import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { TorrentFile } from '@p2p/interop';

import type { Site } from './program.js';

/** A copy of the torrent that names a tracker, in the state folder of who needs one. */
export async function torrentWithTracker(torrent: TorrentFile, url: string, site: Site): Promise<TorrentFile> {
  const path = join(site.stateFolder, 'content.torrent');
  await mkdir(site.stateFolder, { recursive: true });
  const bytes = await readFile(torrent.path);
  await writeFile(path, Buffer.concat([Buffer.from(`d8:announce${url.length}:${url}`), bytes.subarray(1)]));
  return { path, name: torrent.name };
}
