import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat, writeFile } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';

import type { TorrentFile } from './foreign-client.js';

/** A torrent whose info-hash (in hex) is known. */
export interface MadeTorrent extends TorrentFile {
  readonly infoHash: string;
}

/**
 * Writes a `.torrent` file of `path` (a file or a folder) as plainly as BEP 3 allows.
 *
 * It shares nothing with `@p2p/wire` and `@p2p/storage` on purpose: a second opinion about the format.
 */
export async function makeTorrent(path: string, torrentPath: string, pieceBytes: number): Promise<MadeTorrent> {
  const name = basename(path);
  const isFile = (await stat(path)).isFile();
  const paths = isFile ? [path] : await filesIn(path);
  const files = await Promise.all(
    paths.map(async (file) => ({ length: (await stat(file)).size, path: relative(path, file).split(sep) })),
  );
  const info = bencode({
    ...(isFile ? { length: files[0]?.length ?? 0 } : { files }),
    name,
    'piece length': pieceBytes,
    pieces: await pieceHashes(paths, pieceBytes),
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

/** Pieces run on from one file into the next, as if all were one. */
async function pieceHashes(paths: readonly string[], pieceBytes: number): Promise<Uint8Array> {
  const hashes: Uint8Array[] = [];
  let hash = createHash('sha1');
  let missingBytes = pieceBytes;
  for await (const bytes of contentOf(paths)) {
    for (let rest = bytes; rest.length > 0;) {
      const part = rest.subarray(0, missingBytes);
      rest = rest.subarray(part.length);
      hash.update(part);
      missingBytes -= part.length;
      if (missingBytes > 0) continue;
      hashes.push(hash.digest());
      hash = createHash('sha1');
      missingBytes = pieceBytes;
    }
  }
  if (missingBytes < pieceBytes) hashes.push(hash.digest());
  return Buffer.concat(hashes);
}

async function* contentOf(paths: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const path of paths) {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) yield asBytes(chunk);
  }
}

function asBytes(chunk: unknown): Uint8Array {
  if (chunk instanceof Uint8Array) return chunk;
  throw new TypeError('expected bytes from a file');
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
