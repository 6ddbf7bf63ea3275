import { createCipheriv, createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** Writes one file of incompressible bytes, the same for the same size. */
export async function makeFile(path: string, byteCount: number): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytesNamed(`${byteCount}`, byteCount));
  return path;
}

/** The same for a file that is too large to be held in memory. */
export async function makeLargeFile(path: string, byteCount: number): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  const file = await open(path, 'w');
  for (let offset = 0; offset < byteCount; offset += LARGE_FILE_CHUNK_BYTES) {
    await file.write(bytesNamed(`${byteCount} ${offset}`, Math.min(LARGE_FILE_CHUNK_BYTES, byteCount - offset)));
  }
  await file.close();
  return path;
}

/** Writes a folder whose files are as awkward as they come: empty, one byte, across pieces, in folders, oddly named. */
export async function makeFolder(path: string): Promise<string> {
  for (const [name, byteCount] of AWKWARD_FILES) await makeFile(join(path, name), byteCount);
  return path;
}

/** SHA-1 of every file below `path` by its name in it; a single file has the name ''. */
export async function contentDigests(path: string): Promise<Readonly<Record<string, string>>> {
  if ((await stat(path)).isFile()) return { '': await sha1OfFile(path) };
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const digests = files.sort().map(async (file) => [relative(path, file), await sha1OfFile(file)] as const);
  return Object.fromEntries(await Promise.all(digests));
}

/** The same without the files that have no bytes, for a client that does not make them. */
export function withoutEmptyFiles(digests: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(digests).filter(([, digest]) => digest !== SHA1_OF_NOTHING));
}

export async function sha1OfFile(path: string): Promise<string> {
  const hash = createHash('sha1');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}

/** A key stream: as random as anybody needs, and fast. */
export function bytesNamed(name: string, byteCount: number): Uint8Array {
  const key = createHash('sha256').update(name).digest();
  return createCipheriv('aes-256-ctr', key, new Uint8Array(16)).update(new Uint8Array(byteCount));
}

const LARGE_FILE_CHUNK_BYTES = 16 * 1024 * 1024;
const SHA1_OF_NOTHING = createHash('sha1').digest('hex');

const AWKWARD_FILES: readonly (readonly [string, number])[] = [
  ['a.bin', 100_000],
  ['empty.bin', 0],
  ['one-byte.bin', 1],
  ['photos/2024/exactly one piece.bin', 65_536],
  ['photos/2024/über länge.bin', 3_000_001],
  ['photos/also-empty.bin', 0],
  ['photos/large.bin', 1_500_000],
  ...Array.from({ length: 40 }, (_, index) => [`many/file-${index}.bin`, 777 + index * 131] as const),
];
