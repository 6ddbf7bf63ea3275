/** Opening a content again: what is trusted, what is verified, and what is left alone. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { statSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { describe, expect, it } from 'vitest';

import type { FilePieceStore } from '../src/file-piece-store.js';
import { openFilePieceStore } from '../src/open-file-piece-store.js';
import type { FileStoreOptions } from '../src/storage-options.js';
import { sampleContent, storeAll } from './sample-content.js';
import type { SampleContent } from './sample-content.js';
import { temporaryFolder } from './temporary-folder.js';

const single = sampleContent({ length: 5 * 32_768 + 100, name: 'file.bin' });
const many = sampleContent({
  name: 'folder',
  files: [
    { path: ['a.bin'], length: 40_000 },
    { path: ['sub', 'b.bin'], length: 100_000 },
    { path: ['sub', 'empty'], length: 0 },
    { path: ['c.bin'], length: 5 },
  ],
});

interface Place {
  readonly folder: string;
  readonly stateDir: string;
}

function newPlace(): Place {
  const folder = temporaryFolder();
  return { folder: join(folder, 'content'), stateDir: join(folder, 'state') };
}

function open(sample: SampleContent, options: FileStoreOptions): Promise<FilePieceStore> {
  return openFilePieceStore(sample.metainfo, options);
}

async function storeAndClose(sample: SampleContent, place: Place, pieces?: number[]): Promise<void> {
  const store = await open(sample, place);
  await storeAll(store, sample, pieces);
  await store.close();
}

/** Leaves the journal as a crash would: everything flushed, no orderly end. */
async function storeAndCrash(sample: SampleContent, place: Place, pieces: number[]): Promise<void> {
  const store = await open(sample, place);
  await storeAll(store, sample, pieces);
  await store.flush();
  const journal = journalIn(place);
  const copy = readFileSync(journal);
  await store.close();
  writeFileSync(journal, copy);
}

function journalIn({ stateDir }: Place): string {
  const name = readdirSync(stateDir).find((entry) => entry.endsWith('.journal'));
  if (name === undefined) throw new Error(`no journal in ${stateDir}`);
  return join(stateDir, name);
}

function has(store: FilePieceStore): number[] {
  return [...store.have().indices()];
}

/** Changes bytes without changing length or time of modification. */
function damageSecretly(path: string, position: number): void {
  const { atime, mtime } = statSync(path);
  const bytes = readFileSync(path);
  bytes[position] = (bytes[position] ?? 0) ^ 1;
  writeFileSync(path, bytes);
  utimesSync(path, atime, mtime);
}

describe('a content of which nothing is there', () => {
  it('gets its files at once, with their full length and no blocks, and its empty ones complete', async () => {
    const place = newPlace();
    const store = await open(many, place);
    expect(store.resumed).toEqual({ kind: 'new', havePieces: 0, checkedPieces: 0 });
    expect(statSync(join(place.folder, 'folder', 'sub', 'b.bin'))).toMatchObject({ size: 100_000, blocks: 0 });
    expect(statSync(join(place.folder, 'folder', 'sub', 'empty')).size).toBe(0);
    await store.close();
  });

  it('is complete at once if it has no bytes', async () => {
    const place = newPlace();
    const empty = sampleContent({ name: 'nothing', length: 0 });
    const store = await open(empty, place);
    expect(store.have().isFull).toBe(true);
    expect(Buffer.from(await store.wholeSha1()).toString('hex')).toBe('da39a3ee5e6b4b0d3255bfef95601890afd80709');
    await store.close();
    expect(statSync(join(place.folder, 'nothing')).size).toBe(0);
  });
});

describe('after an orderly end', () => {
  it.each([
    ['one file', single, [1, 3]],
    ['many files', many, [0, 2]],
    ['a complete content', single, [0, 1, 2, 3, 4, 5]],
  ])('takes the journal as it is: %s', async (_, sample, pieces) => {
    const place = newPlace();
    await storeAndClose(sample, place, pieces);
    const store = await open(sample, place);
    expect(store.resumed).toEqual({ kind: 'clean', havePieces: pieces.length, checkedPieces: 0 });
    expect(has(store)).toEqual(pieces);
    await store.close();
  });

  it('does so again and again, also when nothing new came in between', async () => {
    const place = newPlace();
    await storeAndClose(single, place, [2]);
    for (let time = 0; time < 3; time++) {
      const store = await open(single, place);
      expect(store.resumed.kind).toBe('clean');
      await store.close();
    }
    await storeAndClose(single, place, [4]);
    const store = await open(single, place);
    expect(store.resumed).toEqual({ kind: 'clean', havePieces: 2, checkedPieces: 0 });
    await store.close();
  });

  it('verifies a file whose time has changed, and drops what is wrong in it', async () => {
    const place = newPlace();
    await storeAndClose(single, place, [0, 1, 2]);
    const path = join(place.folder, 'file.bin');
    const bytes = readFileSync(path);
    bytes[40_000] = (bytes[40_000] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    utimesSync(path, 1, 1);
    const store = await open(single, place);
    expect(has(store)).toEqual([0, 2]);
    expect(store.resumed.checkedPieces).toBeGreaterThan(0);
    await store.close();
  });

  it('verifies only the file that was changed', async () => {
    const place = newPlace();
    await storeAndClose(many, place);
    utimesSync(join(place.folder, 'folder', 'c.bin'), 1, 1);
    const store = await open(many, place);
    expect(store.resumed).toEqual({ kind: 'recovered', havePieces: 5, checkedPieces: 1 });
    await store.close();
  });

  it('fetches again what was in a file that is gone', async () => {
    const place = newPlace();
    await storeAndClose(many, place);
    rmSync(join(place.folder, 'folder', 'a.bin'));
    const store = await open(many, place);
    expect(has(store)).toEqual([2, 3, 4]);
    await storeAll(store, many, [0, 1]);
    expect(store.have().isFull).toBe(true);
    await store.close();
  });

  it('begins anew when all files are gone', async () => {
    const place = newPlace();
    await storeAndClose(single, place);
    rmSync(place.folder, { recursive: true });
    const store = await open(single, place);
    expect(store.resumed).toEqual({ kind: 'new', havePieces: 0, checkedPieces: 0 });
    await store.close();
  });

  it('keeps the journals of two places apart', async () => {
    const place = newPlace();
    await storeAndClose(single, place, [0]);
    await storeAndClose(single, { ...place, folder: `${place.folder}2` }, [1]);
    const store = await open(single, place);
    expect(has(store)).toEqual([0]);
    await store.close();
  });
});

describe('after a crash', () => {
  it('trusts what the journal covers, without reading it', async () => {
    const place = newPlace();
    await storeAndCrash(single, place, [0, 2]);
    damageSecretly(join(place.folder, 'file.bin'), 2 * 32_768);
    const store = await open(single, place);
    expect(store.resumed.kind).toBe('recovered');
    expect(has(store)).toEqual([0, 2]);
    await store.close();
  });

  it('finds the pieces that were written but not yet journalled', async () => {
    const place = newPlace();
    await storeAndCrash(single, place, [0]);
    const journal = readFileSync(journalIn(place));
    await storeAndClose(single, place, [3, 4]);
    writeFileSync(journalIn(place), journal);
    const store = await open(single, place);
    expect(has(store)).toEqual([0, 3, 4]);
    expect(store.resumed).toEqual({ kind: 'recovered', havePieces: 3, checkedPieces: 5 });
    await store.close();
  });

  it('holds on to the journal up to where it is damaged', async () => {
    const place = newPlace();
    await storeAndCrash(single, place, [1]);
    appendFileSync(journalIn(place), 'torn');
    const store = await open(single, place);
    expect(has(store)).toEqual([1]);
    await store.close();
    const again = await open(single, place);
    expect(again.resumed.kind).toBe('clean');
    await again.close();
  });

  it('puts a journal that is none aside, and verifies everything', async () => {
    const place = newPlace();
    await storeAndClose(single, place, [1, 2]);
    writeFileSync(journalIn(place), 'not a journal, but who knows what');
    const store = await open(single, place);
    expect(store.resumed).toEqual({ kind: 'checked', havePieces: 2, checkedPieces: 6 });
    expect(has(store)).toEqual([1, 2]);
    await store.close();
    expect(readFileSync(`${journalIn(place)}.bad`, 'utf8')).toBe('not a journal, but who knows what');
  });

  it('does not trust a file that was put in the place of ours', async () => {
    const place = newPlace();
    await storeAndCrash(single, place, [0, 1]);
    const path = join(place.folder, 'file.bin');
    const bytes = readFileSync(path);
    bytes[0] = (bytes[0] ?? 0) ^ 1;
    writeFileSync(`${path}.other`, bytes);
    renameSync(`${path}.other`, path);
    const store = await open(single, place);
    expect(has(store)).toEqual([1]);
    await store.close();
  });
});

describe('without a journal', () => {
  it('takes up a file that is wholly there', async () => {
    const { folder } = newPlace();
    mkdirSync(folder);
    writeFileSync(join(folder, 'file.bin'), single.bytes);
    const store = await open(single, { folder });
    expect(store.resumed).toEqual({ kind: 'checked', havePieces: 6, checkedPieces: 6 });
    await store.close();
  });

  it('takes up a file that is partly there, and shorter', async () => {
    const { folder } = newPlace();
    mkdirSync(folder);
    const path = join(folder, 'file.bin');
    writeFileSync(path, single.bytes.subarray(0, 2 * 32_768 + 5));
    const store = await open(single, { folder });
    expect(store.resumed).toEqual({ kind: 'checked', havePieces: 2, checkedPieces: 2 });
    await storeAll(store, single, [2, 3, 4, 5]);
    await store.close();
    expect(readFileSync(path).equals(single.bytes)).toBe(true);
  });

  it('verifies everything at each start, and tells the progress', async () => {
    const { folder } = newPlace();
    const first = await open(single, { folder });
    await storeAll(first, single);
    await first.close();
    const progress: number[] = [];
    const onProgress = (bytes: number, totalBytes: number): void => {
      expect(totalBytes).toBe(single.bytes.length);
      progress.push(bytes);
    };
    const store = await open(single, { folder, check: { onProgress } });
    expect(store.resumed).toEqual({ kind: 'checked', havePieces: 6, checkedPieces: 6 });
    expect(progress.at(-1)).toBe(single.bytes.length);
    await store.close();
  });

  it('ends when the caller wants no more', async () => {
    const { folder } = newPlace();
    mkdirSync(folder);
    writeFileSync(join(folder, 'file.bin'), single.bytes);
    const check = { signal: AbortSignal.abort('enough') };
    await expect(open(single, { folder, check })).rejects.toMatchObject({ code: 'aborted' });
  });
});

describe('a file of somebody else', () => {
  it('is left alone, and named', async () => {
    const { folder, stateDir } = newPlace();
    mkdirSync(folder);
    const path = join(folder, 'file.bin');
    writeFileSync(path, 'my diary');
    const opened = open(single, { folder, stateDir });
    await expect(opened).rejects.toMatchObject({ code: 'foreign-file', path });
    await expect(opened).rejects.toThrow(/file\.bin exists and holds no piece of this content.*--force/u);
    expect(readFileSync(path, 'utf8')).toBe('my diary');
  });

  it('is one that is longer than it should be, even if it begins right', async () => {
    const { folder } = newPlace();
    mkdirSync(folder);
    const path = join(folder, 'file.bin');
    writeFileSync(path, Buffer.concat([single.bytes, Buffer.from('and more')]));
    await expect(open(single, { folder })).rejects.toMatchObject({ code: 'foreign-file', path });
    expect(statSync(path).size).toBe(single.bytes.length + 8);
  });

  it('is found among many', async () => {
    const place = newPlace();
    const path = join(place.folder, 'folder', 'sub', 'b.bin');
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(join(place.folder, 'folder', 'a.bin'), many.bytes.subarray(0, 40_000));
    writeFileSync(path, 'x'.repeat(100_000));
    await expect(open(many, place)).rejects.toMatchObject({ code: 'foreign-file', path });
    expect(existsSync(join(place.folder, 'folder', 'c.bin'))).toBe(false);
  });

  it('is written over if that is wanted', async () => {
    const { folder } = newPlace();
    mkdirSync(folder);
    const path = join(folder, 'file.bin');
    writeFileSync(path, 'x'.repeat(single.bytes.length + 1));
    const store = await open(single, { folder, overwrite: true });
    await storeAll(store, single);
    await store.close();
    expect(readFileSync(path).equals(single.bytes)).toBe(true);
  });

  it('is one that came after we had begun with another', async () => {
    const place = newPlace();
    await storeAndCrash(single, place, [0]);
    const path = join(place.folder, 'file.bin');
    rmSync(path);
    writeFileSync(`${path}.theirs`, 'my diary, put here later');
    renameSync(`${path}.theirs`, path);
    await expect(open(single, place)).rejects.toMatchObject({ code: 'foreign-file', path });
  });

  it('is not an empty file, nor one of holes only', async () => {
    const { folder } = newPlace();
    mkdirSync(folder);
    writeFileSync(join(folder, 'file.bin'), '');
    truncateSync(join(folder, 'file.bin'), single.bytes.length);
    const store = await open(single, { folder });
    expect(has(store)).toEqual([]);
    await store.close();
  });
});

describe('places that are not fit', () => {
  it('are symbolic links in the place of the file', async () => {
    const { folder } = newPlace();
    const secret = join(temporaryFolder(), 'secret');
    writeFileSync(secret, 'secret');
    mkdirSync(folder);
    symlinkSync(secret, join(folder, 'file.bin'));
    await expect(open(single, { folder })).rejects.toMatchObject({ code: 'unsafe-path' });
    await expect(open(single, { folder, overwrite: true })).rejects.toMatchObject({ code: 'unsafe-path' });
    expect(readFileSync(secret, 'utf8')).toBe('secret');
  });

  it('are symbolic links among the folders of the content', async () => {
    const { folder } = newPlace();
    const elsewhere = temporaryFolder();
    mkdirSync(join(folder, 'folder'), { recursive: true });
    symlinkSync(elsewhere, join(folder, 'folder', 'sub'));
    await expect(open(many, { folder })).rejects.toMatchObject({ code: 'unsafe-path' });
    expect(readdirSync(elsewhere)).toEqual([]);
  });

  it('are folders in the place of the file', async () => {
    const { folder } = newPlace();
    mkdirSync(join(folder, 'file.bin'), { recursive: true });
    await expect(open(single, { folder })).rejects.toMatchObject({ code: 'not-a-file' });
  });

  it('are not links that the user names', async () => {
    const { folder } = newPlace();
    const real = join(temporaryFolder(), 'real.bin');
    writeFileSync(real, single.bytes);
    mkdirSync(folder);
    symlinkSync(real, join(folder, 'link.bin'));
    const store = await open(single, { path: join(folder, 'link.bin') });
    expect(store.have().isFull).toBe(true);
    expect(store.contentPath).toBe(real);
    await store.close();
  });
});

describe('a content the caller vouches for', () => {
  it('is not read', async () => {
    const { folder } = newPlace();
    mkdirSync(folder);
    writeFileSync(join(folder, 'file.bin'), new Uint8Array(single.bytes.length));
    const store = await open(single, { folder, assumeComplete: true });
    expect(store.resumed).toEqual({ kind: 'assumed', havePieces: 6, checkedPieces: 0 });
    expect((await store.verifyAll()).isEmpty).toBe(true);
    expect(store.have().isEmpty).toBe(true);
    await store.close();
  });

  it('must at least be there, and as long as it should be', async () => {
    const { folder } = newPlace();
    await expect(open(single, { folder, assumeComplete: true })).rejects.toMatchObject({ code: 'not-found' });
    mkdirSync(folder);
    writeFileSync(join(folder, 'file.bin'), 'short');
    await expect(open(single, { folder, assumeComplete: true })).rejects.toMatchObject({ code: 'changed' });
  });
});
