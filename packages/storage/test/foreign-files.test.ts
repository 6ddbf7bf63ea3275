/** What is in the place of the content and not ours: it is named, and left alone. */
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { nodeFileSystem } from '../src/file-system.js';
import type { FileFacts } from '../src/file-system.js';
import { openStoreOn } from '../src/open-file-piece-store.js';
import { has, many, newPlace, open, single, storeAndCrash } from './resumed-content.js';
import { pseudoRandomBytes, sampleContent, storeAll } from './sample-content.js';
import { temporaryFolder } from './temporary-folder.js';

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

  it('may have a piece in common with ours, as two disk images have zeros, and is not written over', async () => {
    const place = newPlace();
    mkdirSync(place.folder);
    const path = join(place.folder, 'file.bin');
    const theirs = Buffer.concat([single.bytes.subarray(0, 32_768), pseudoRandomBytes(117_232, 7)]);
    writeFileSync(path, theirs);
    await expect(open(single, place)).rejects.toMatchObject({ code: 'foreign-file', path });
    await expect(open(single, place)).rejects.toThrow('holds something else in 3 of its pieces');
    expect(readFileSync(path).equals(theirs)).toBe(true);
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

  it('may be so short that the file system says it has no block', async () => {
    const short = sampleContent({ length: 300, name: 'diary' });
    const resident = (facts: FileFacts): FileFacts => ({
      ...facts,
      allocatedBytes: facts.length < 600 ? 0 : facts.allocatedBytes,
    });
    const disk = {
      ...nodeFileSystem,
      factsSync: (path: string) => {
        const facts = nodeFileSystem.factsSync(path);
        return facts && resident(facts);
      },
    };
    const place = newPlace();
    mkdirSync(place.folder, { recursive: true });
    writeFileSync(join(place.folder, 'diary'), short.bytes);
    const store = await openStoreOn(disk, short.metainfo, place);
    expect(store.have().isFull).toBe(true);
    await store.close();
    const other = newPlace();
    mkdirSync(other.folder, { recursive: true });
    writeFileSync(join(other.folder, 'diary'), 'Dear diary, today I was nearly overwritten.'.padEnd(300));
    await expect(openStoreOn(disk, short.metainfo, other)).rejects.toMatchObject({ code: 'foreign-file' });
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
