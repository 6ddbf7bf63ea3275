import { mkdirSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { beforeEach, describe, expect, it } from 'vitest';

import { createMetainfo, missingFile } from '../src/index.js';
import { temporaryFolder } from './temporary-folder.js';

let folder: string;

function at(...names: readonly string[]): string {
  return join(folder, ...names);
}

beforeEach(() => {
  folder = temporaryFolder();
  mkdirSync(at('album', 'sub'), { recursive: true });
  writeFileSync(at('album', 'sub', 'song'), Buffer.alloc(1000, 'song'));
  writeFileSync(at('album', 'empty'), '');
});

describe('missingFile', () => {
  it('finds nothing wrong with what is there, also under another name and through a link', async () => {
    const { metainfo } = await createMetainfo(at('album'));
    expect(await missingFile(metainfo, { path: at('album') })).toBeUndefined();
    renameSync(at('album'), at('copy'));
    symlinkSync(at('copy'), at('link'));
    expect(await missingFile(metainfo, { path: at('link') })).toBeUndefined();
  });

  it('names a file of a folder that is gone, an empty one too', async () => {
    const { metainfo } = await createMetainfo(at('album'));
    rmSync(at('album', 'empty'));
    const path = at('album', 'empty');
    expect(await missingFile(metainfo, { path: at('album') })).toMatchObject({ code: 'not-found', path });
  });

  it('names a file that has another length, or is no file any more', async () => {
    const path = at('album', 'sub', 'song');
    const { metainfo } = await createMetainfo(path);
    expect(await missingFile(metainfo, { path })).toBeUndefined();
    truncateSync(path, 999);
    expect(await missingFile(metainfo, { path })).toMatchObject({
      code: 'changed',
      message: `${path} has 999 bytes; expected 1000`,
    });
    rmSync(path);
    mkdirSync(path);
    expect(await missingFile(metainfo, { path })).toMatchObject({ code: 'changed' });
  });

  it('finds files under the names they were published with', async () => {
    const name = process.platform === 'win32' ? 'a song.mkv' : 'a: song.mkv';
    renameSync(at('album', 'sub', 'song'), at('album', name));
    const { metainfo } = await createMetainfo(at('album'));
    expect(await missingFile(metainfo, { path: at('album') })).toBeUndefined();
    rmSync(at('album', name));
    expect(await missingFile(metainfo, { path: at('album') })).toMatchObject({ code: 'not-found' });
  });
});
