import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { sha1OfFile } from '@p2p/interop';

/** SHA-1 of every file by its path below; a single file has the name ''. */
export type Digests = Readonly<Record<string, string>>;

/** One file after the other: ten thousand open at once are more than a process may have. */
export async function digestsOf(path: string): Promise<Digests> {
  if (lstatSync(path).isFile()) return { '': await sha1OfFile(path) };
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => lstatSync(join(path, name)).isFile());
  return Object.fromEntries(
    files.map((name) => [
      name,
      createHash('sha1')
        .update(readFileSync(join(path, name)))
        .digest('hex'),
    ]),
  );
}

/** @throws {Error} when a file is missing or differs */
export async function requireCopy(path: string, expected: Digests): Promise<void> {
  const found = await digestsOf(path);
  for (const [name, digest] of Object.entries(expected)) {
    if (found[name] === digest) continue;
    throw new Error(`${join(path, name)} is wrong: SHA-1 ${found[name] ?? 'of nothing'}, expected ${digest}`);
  }
}
