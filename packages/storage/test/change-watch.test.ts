import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { BlockRef } from '@p2p/wire';
import { describe, expect, it } from 'vitest';

import { ChangeWatch, LOOK_INTERVAL_MS } from '../src/change-watch.js';
import { ContentIo } from '../src/content-io.js';
import { ContentMap } from '../src/content-map.js';
import { nodeFileSystem } from '../src/file-system.js';
import { createMetainfo, openFilePieceStore } from '../src/index.js';
import { temporaryFolder } from './temporary-folder.js';

const LENGTH = 1_000;
const LONG_AGO = new Date('2001-01-01');

/** Two files that nobody has touched for years, and somebody who looks at them. */
function watched(): { readonly path: string; readonly look: (offset?: number) => string | undefined; now: number } {
  const folder = temporaryFolder();
  const paths = ['first', 'second'].map((name) => join(folder, name));
  for (const path of paths) {
    writeFileSync(path, Buffer.alloc(LENGTH, 1));
    utimesSync(path, LONG_AGO, LONG_AGO);
  }
  const files = paths.map((path, index) => ({
    path,
    length: LENGTH,
    offset: index * LENGTH,
    isStored: true,
    isExecutable: false,
  }));
  const io = new ContentIo(nodeFileSystem, new ContentMap(files), folder);
  const state = { path: paths[0] ?? '', now: 0, look: (offset = 0) => watch.faultOf(offset, 10)?.code };
  const watch = new ChangeWatch(
    io,
    () => state.now,
    paths.map((path) => nodeFileSystem.factsSync(path)),
  );
  return state;
}

describe('files that are shared and are something else by now', () => {
  it.each([
    ['longer', 'changed', (path: string) => appendFileSync(path, 'more')],
    ['edited in place', 'changed', (path: string) => writeFileSync(path, Buffer.alloc(LENGTH, 2))],
    ['gone', 'not-found', (path: string) => rmSync(path)],
    [
      'folders',
      'changed',
      (path: string) => {
        rmSync(path);
        mkdirSync(path);
      },
    ],
    [
      'others with the same time',
      'changed',
      (path: string) => {
        writeFileSync(`${path}.new`, Buffer.alloc(LENGTH, 1));
        utimesSync(`${path}.new`, LONG_AGO, LONG_AGO);
        renameSync(`${path}.new`, path);
      },
    ],
  ])('are noticed: %s', (_, code, change) => {
    const files = watched();
    expect(files.look()).toBeUndefined();
    change(files.path);
    // Looked at a moment ago.
    expect(files.look()).toBeUndefined();
    files.now += LOOK_INTERVAL_MS;
    expect(files.look()).toBe(code);
    // From now on nothing is read, of the other neither.
    expect(files.look(LENGTH)).toBe(code);
  });

  it('are not looked at where nothing is read', () => {
    const files = watched();
    rmSync(files.path);
    expect(files.look(LENGTH)).toBeUndefined();
    files.now += LOOK_INTERVAL_MS;
    expect(files.look(LENGTH - 5)).toBe('not-found');
  });
});

describe('a store of what is complete', () => {
  async function opened() {
    const path = join(temporaryFolder(), 'film');
    writeFileSync(path, Buffer.alloc(LENGTH, 1));
    utimesSync(path, LONG_AGO, LONG_AGO);
    const { metainfo } = await createMetainfo(path);
    const store = await openFilePieceStore(metainfo, { path, assumeComplete: true });
    const block: BlockRef = { piece: metainfo.layout.pieceIndex(0), begin: 0, length: 10 };
    const read = () =>
      new Promise<string>((resolve) =>
        store.readBlock(block, (outcome) => resolve(outcome.kind === 'read' ? 'read' : outcome.error.code)),
      );
    return { path, store, read };
  }

  it('gives nothing of a file that was changed before anybody read it', async () => {
    const { path, store, read } = await opened();
    writeFileSync(path, Buffer.alloc(LENGTH, 2));
    expect(await read()).toBe('changed');
    expect((await store.verifyAll()).count).toBe(0);
    await store.close();
    expect(readFileSync(path).every((byte) => byte === 2)).toBe(true);
  });

  it('goes on giving what was only touched once it was verified', async () => {
    const { path, store, read } = await opened();
    utimesSync(path, new Date(), new Date());
    expect([await read(), await read()]).toEqual(['changed', 'changed']);
    expect((await store.verifyAll()).isFull).toBe(true);
    expect(await read()).toBe('read');
    await store.close();
  });
});
