/** Opening a content again: what is trusted, and what is verified. */
import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import {
  damageSecretly,
  has,
  journalIn,
  many,
  newPlace,
  open,
  single,
  storeAndClose,
  storeAndCrash,
} from './resumed-content.js';
import { sampleContent, storeAll } from './sample-content.js';

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

  it('does not trust the end of a file that has become shorter', async () => {
    const place = newPlace();
    await storeAndCrash(single, place, [0, 1, 2, 4]);
    truncateSync(join(place.folder, 'file.bin'), 2 * 32_768 + 5);
    const store = await open(single, place);
    expect(store.resumed).toEqual({ kind: 'recovered', havePieces: 2, checkedPieces: 0 });
    expect(has(store)).toEqual([0, 1]);
    await store.close();
  });

  it('does not trust a file that was put in the place of ours while it was open', async () => {
    const place = newPlace();
    const path = join(place.folder, 'file.bin');
    const store = await open(single, place);
    await storeAll(store, single, [0, 1, 2]);
    writeFileSync(`${path}.other`, new Uint8Array(single.bytes.length).fill(7));
    renameSync(`${path}.other`, path);
    await store.close();
    await expect(open(single, place)).rejects.toMatchObject({ code: 'foreign-file' });
  });

  it('does not trust a file that was put in the place of ours', async () => {
    const place = newPlace();
    await storeAndCrash(single, place, [0, 1]);
    const path = join(place.folder, 'file.bin');
    const bytes = readFileSync(path);
    bytes[0] = (bytes[0] ?? 0) ^ 1;
    writeFileSync(`${path}.other`, bytes);
    renameSync(`${path}.other`, path);
    await expect(open(single, place)).rejects.toMatchObject({ code: 'foreign-file' });
    const store = await open(single, { ...place, overwrite: true });
    expect(has(store)).toEqual([1]);
    await store.close();
  });

  it('believes nothing if what lies there is to be replaced', async () => {
    const place = newPlace();
    await storeAndClose(single, place);
    damageSecretly(join(place.folder, 'file.bin'), 40_000);
    const store = await open(single, { ...place, overwrite: true });
    expect(has(store)).toEqual([0, 2, 3, 4, 5]);
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
