/**
 * What is only in memory is never claimed: a start that reads what is there finds it in the page cache, and a power cut could still take
 * it. The disk's refusal to sync stands for the power cut: whatever the journal says afterwards must have been synced.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { nodeFileSystem } from '../src/file-system.js';
import { openStoreOn } from '../src/open-file-piece-store.js';
import { newPlace, open, single, storeAndCrash } from './resumed-content.js';
import type { Place } from './resumed-content.js';

const { pieceCount } = single.metainfo.layout;

/** The disk, but for data that cannot be synced. */
const unsyncable = {
  ...nodeFileSystem,
  syncData: () => Promise.reject(Object.assign(new Error('EIO'), { code: 'EIO', errno: -5 })),
};

/** The whole file lies there; nobody knows of it. */
function copied(): Place {
  const place = newPlace();
  mkdirSync(place.folder, { recursive: true });
  writeFileSync(join(place.folder, 'file.bin'), single.bytes);
  return place;
}

describe('a content that was only read', () => {
  it.each([{ assumeComplete: false }, { assumeComplete: true }])(
    'is read again if it could not be synced ($assumeComplete)',
    async (options) => {
      const place = copied();
      const store = await openStoreOn(unsyncable, single.metainfo, { ...place, ...options });
      expect(store.have().isFull).toBe(true);
      await expect(store.close()).rejects.toMatchObject({ code: 'io' });
      const next = await open(single, place);
      expect(next.resumed).toMatchObject({ havePieces: pieceCount, checkedPieces: pieceCount });
      await next.close();
    },
  );

  it('is not read again if it could', async () => {
    const place = copied();
    await (await open(single, place)).close();
    const next = await open(single, place);
    expect(next.resumed).toEqual({ kind: 'clean', havePieces: pieceCount, checkedPieces: 0 });
    await next.close();
  });

  it('is read again in part if the journal knows the rest', async () => {
    const place = newPlace();
    await storeAndCrash(single, place, [0, 1]);
    writeFileSync(join(place.folder, 'file.bin'), single.bytes);
    for (let start = 0; start < 2; start++) {
      const store = await openStoreOn(unsyncable, single.metainfo, place);
      expect(store.resumed).toMatchObject({ havePieces: pieceCount, checkedPieces: pieceCount - 2 });
      await expect(store.close()).rejects.toMatchObject({ code: 'io' });
    }
  });
});
