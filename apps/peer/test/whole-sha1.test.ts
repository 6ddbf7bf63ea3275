// Goal: a whole that is wrong is blamed on the disk or on the torrent, whichever it is. Method: real files, damaged after they were verified.
import { readFileSync, writeFileSync } from 'node:fs';

import { createMetainfo, openFilePieceStore, type FilePieceStore } from '@p2p/storage';
import { afterEach, beforeEach, expect, it } from 'vitest';

import { wholeSha1 } from '../src/whole-sha1.js';
import { ScratchFolder } from './scratch-folder.js';

let scratch: ScratchFolder;
let store: FilePieceStore;
const { signal } = new AbortController();

beforeEach(async () => {
  scratch = new ScratchFolder();
  writeFileSync(scratch.at('film'), Buffer.alloc(200_000, 'film'));
  const { metainfo } = await createMetainfo(scratch.at('film'), { pieceLength: 65_536 });
  store = await openFilePieceStore(metainfo, { folder: scratch.at('.') });
});

afterEach(async () => {
  await store.close();
  scratch.remove();
});

it('is told when it is what the torrent says', async () => {
  expect(await wholeSha1(store, 'film', signal)).toMatch(/^[0-9a-f]{40}$/u);
});

it('has changed on the disk if a piece is wrong, which is fetched at the next start', async () => {
  const bytes = readFileSync(scratch.at('film'));
  bytes[70_000] = 0;
  writeFileSync(scratch.at('film'), bytes);
  const found = wholeSha1(store, 'film', signal);
  await expect(found).rejects.toMatchObject({ code: 'sha1-mismatch' });
  await expect(found).rejects.toThrow(/: 1 of 4 pieces were changed on the disk .*start again/u);
  expect([...store.have().indices()]).toEqual([0, 2, 3]);
});
