import { createHash } from 'node:crypto';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';

import type { TorrentFile } from './foreign-client.js';

/** A torrent whose info-hash (in hex) is known. */
export interface MadeTorrent extends TorrentFile {
  readonly infoHash: string;
}

/**
 * Writes a `.torrent` file of `path` (a file or a folder) as plainly as BEP 3 allows.
 *
 * It shares nothing with `@p2p/wire` and `@p2p/storage` on purpose: a second opinion about the format. Small content only,
 * it is held in memory.
 */
export async function makeTorrent(path: string, torrentPath: string, pieceBytes: number): Promise<MadeTorrent> {
  const name = basename(path);
  const isFile = (await stat(path)).isFile();
  const paths = isFile ? [path] : await filesIn(path);
  const contents = await Promise.all(paths.map((file) => readFile(file)));
  const files = paths.map((file, index) => ({
    length: contents[index]?.length ?? 0,
    path: relative(path, file).split(sep),
  }));
  const info = bencode({
    ...(isFile ? { length: contents[0]?.length ?? 0 } : { files }),
    name,
    'piece length': pieceBytes,
    pieces: pieceHashes(Buffer.concat(contents), pieceBytes),
  });
  await writeFile(torrentPath, Buffer.concat([Buffer.from('d4:info'), info, Buffer.from('e')]));
  return { path: torrentPath, name, infoHash: createHash('sha1').update(info).digest('hex') };
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function pieceHashes(content: Uint8Array, pieceBytes: number): Uint8Array {
  const hashes: Uint8Array[] = [];
  for (let offset = 0; offset < content.length; offset += pieceBytes) {
    hashes.push(
      createHash('sha1')
        .update(content.subarray(offset, offset + pieceBytes))
        .digest(),
    );
  }
  return Buffer.concat(hashes);
}

type Bencodable = number | string | Uint8Array | readonly Bencodable[] | { readonly [key: string]: Bencodable };

function bencode(value: Bencodable): Uint8Array {
  if (typeof value === 'number') return Buffer.from(`i${value}e`);
  if (typeof value === 'string') return bencode(Buffer.from(value));
  if (value instanceof Uint8Array) return Buffer.concat([Buffer.from(`${value.length}:`), value]);
  const [opening, parts] = isList(value)
    ? ['l', value.map(bencode)]
    : [
        'd',
        Object.keys(value)
          .sort()
          .flatMap((key) => [bencode(key), bencode(value[key] ?? '')]),
      ];
  return Buffer.concat([Buffer.from(opening), ...parts, Buffer.from('e')]);
}

function isList(value: object): value is readonly Bencodable[] {
  return Array.isArray(value);
}
