import { readFileSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { FilePieceStore } from '../src/file-piece-store.js';
import { openFilePieceStore } from '../src/open-file-piece-store.js';
import type { FileStoreOptions } from '../src/storage-options.js';
import { sampleContent, storeAll } from './sample-content.js';
import type { SampleContent } from './sample-content.js';
import { temporaryFolder } from './temporary-folder.js';

export const single = sampleContent({ length: 5 * 32_768 + 100, name: 'file.bin' });
export const many = sampleContent({
  name: 'folder',
  files: [
    { path: ['a.bin'], length: 40_000 },
    { path: ['sub', 'b.bin'], length: 100_000 },
    { path: ['sub', 'empty'], length: 0 },
    { path: ['c.bin'], length: 5 },
  ],
});

export interface Place {
  readonly folder: string;
  readonly stateDir: string;
}

export function newPlace(): Place {
  const folder = temporaryFolder();
  return { folder: join(folder, 'content'), stateDir: join(folder, 'state') };
}

export function open(sample: SampleContent, options: FileStoreOptions): Promise<FilePieceStore> {
  return openFilePieceStore(sample.metainfo, options);
}

export async function storeAndClose(sample: SampleContent, place: Place, pieces?: number[]): Promise<void> {
  const store = await open(sample, place);
  await storeAll(store, sample, pieces);
  await store.close();
}

/** Leaves the journal as a crash would: everything flushed, no orderly end. */
export async function storeAndCrash(sample: SampleContent, place: Place, pieces: number[]): Promise<void> {
  const store = await open(sample, place);
  await storeAll(store, sample, pieces);
  await store.flush();
  const journal = journalIn(place);
  const copy = readFileSync(journal);
  await store.close();
  writeFileSync(journal, copy);
}

export function journalIn({ stateDir }: Place): string {
  const name = readdirSync(stateDir).find((entry) => entry.endsWith('.journal'));
  if (name === undefined) throw new Error(`no journal in ${stateDir}`);
  return join(stateDir, name);
}

export function has(store: FilePieceStore): number[] {
  return [...store.have().indices()];
}

/** Changes bytes without changing length or time of modification. */
export function damageSecretly(path: string, position: number): void {
  const { atime, mtime } = statSync(path);
  const bytes = readFileSync(path);
  bytes[position] = (bytes[position] ?? 0) ^ 1;
  writeFileSync(path, bytes);
  utimesSync(path, atime, mtime);
}
