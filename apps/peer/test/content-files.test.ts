import { mkdirSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';

import { createMetainfo } from '@p2p/storage';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { missingFile } from '../src/content-files.js';
import { ScratchFolder } from './scratch-folder.js';

let scratch: ScratchFolder;

beforeEach(() => {
  scratch = new ScratchFolder();
  mkdirSync(scratch.at('album', 'sub'), { recursive: true });
  scratch.file('album/sub/song', 1000);
  writeFileSync(scratch.at('album', 'empty'), '');
});

afterEach(() => {
  scratch.remove();
});

describe('missingFile', () => {
  it('finds nothing wrong with what is there, also under another name and through a link', async () => {
    const { metainfo } = await createMetainfo(scratch.at('album'));
    expect(await missingFile(metainfo, scratch.at('album'))).toBeUndefined();
    renameSync(scratch.at('album'), scratch.at('copy'));
    symlinkSync(scratch.at('copy'), scratch.at('link'));
    expect(await missingFile(metainfo, scratch.at('link'))).toBeUndefined();
  });

  it('names a file of a folder that is gone, an empty one too', async () => {
    const { metainfo } = await createMetainfo(scratch.at('album'));
    rmSync(scratch.at('album', 'empty'));
    const path = scratch.at('album', 'empty');
    expect(await missingFile(metainfo, scratch.at('album'))).toMatchObject({ code: 'not-found', path });
  });

  it('names a file that has another length, or is no file any more', async () => {
    const path = scratch.at('album', 'sub', 'song');
    const { metainfo } = await createMetainfo(path);
    expect(await missingFile(metainfo, path)).toBeUndefined();
    truncateSync(path, 999);
    expect(await missingFile(metainfo, path)).toMatchObject({
      code: 'changed',
      message: `${path} has 999 bytes; expected 1000`,
    });
    rmSync(path);
    mkdirSync(path);
    expect(await missingFile(metainfo, path)).toMatchObject({ code: 'changed' });
  });
});
