/** Names that are not fit for every system, where the files lie under them: with who published them. */
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { InfoFile } from '@p2p/wire';
import { describe, expect, it } from 'vitest';

import { createMetainfo } from '../src/create-metainfo.js';
import { openFilePieceStore } from '../src/open-file-piece-store.js';
import { verifyFile } from '../src/verify-file.js';
import { sampleContent, storeAll } from './sample-content.js';
import type { SampleContent } from './sample-content.js';
import { temporaryFolder } from './temporary-folder.js';

// Longer than a piece: a file is taken up only if one piece of it is whole.
const FILE_BYTES = 40_000;
const NAMES = [
  'Film: the sequel.mkv',
  'what?',
  'all*',
  '"quoted"',
  '<a>',
  'a|b',
  'etc.',
  'con',
  'Season: 1/a',
  'plain',
];

function sample(names: readonly string[], name = 'folder'): SampleContent {
  return sampleContent({ name, files: names.map((path): InfoFile => ({ path: path.split('/'), length: FILE_BYTES })) });
}

/** Writes the files where the names, as they stand, lead to. */
function publish({ metainfo, bytes }: SampleContent, folder: string): void {
  for (const { path, offset, length } of metainfo.files) {
    const place = join(folder, ...path);
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, bytes.subarray(offset, offset + length));
  }
}

// On Windows no file can be called so.
describe.skipIf(process.platform === 'win32')('a content that lies under names of its own', () => {
  const published = sample(NAMES);

  it('is right for verifyFile, by the folder and by the one above it', async () => {
    const above = temporaryFolder();
    publish(published, above);
    expect(await verifyFile(published.metainfo, join(above, 'folder'))).toMatchObject({ isRight: true, badFiles: [] });
    expect(await verifyFile(published.metainfo, above)).toMatchObject({ isRight: true, badFiles: [] });
  });

  it('is right as it was made, and tells where it was found', async () => {
    const above = temporaryFolder();
    publish(published, above);
    const { metainfo, contentPaths } = await createMetainfo(join(above, 'folder'));
    expect(await verifyFile(metainfo, join(above, 'folder'))).toMatchObject({ isRight: true, contentPaths });
  });

  it('is right though another file has the safe name of one', async () => {
    const both = sample(['a:b', 'a_b', 'a?b']);
    const above = temporaryFolder();
    publish(both, above);
    expect(await verifyFile(both.metainfo, join(above, 'folder'))).toMatchObject({ isRight: true });
  });

  it('is right when its own name, of a folder or a file, is not safe', async () => {
    const inFolder = sample(['a', 'b:'], 'My: folder');
    const alone = sampleContent({ length: 50_000, name: 'Film: the sequel.mkv' });
    const above = temporaryFolder();
    publish(inFolder, above);
    writeFileSync(join(above, alone.metainfo.name), alone.bytes);
    expect(await verifyFile(inFolder.metainfo, above)).toMatchObject({ isRight: true });
    expect(await verifyFile(alone.metainfo, above)).toMatchObject({ isRight: true });
  });

  it('is right under safe names too, the only ones that are made', async () => {
    const folder = join(temporaryFolder(), 'folder');
    const store = await openFilePieceStore(published.metainfo, { path: folder });
    await storeAll(store, published);
    await store.close();
    expect(readdirSync(folder).filter((name) => NAMES.includes(name))).toEqual(['plain']);
    expect(await verifyFile(published.metainfo, folder)).toMatchObject({ isRight: true });
  });

  it.each(['path', 'folder'])(
    'is taken up where it lies, and what is missing made under its safe name (%s)',
    async (by) => {
      const mended = sample(['Film: the sequel.mkv', 'lost: a.mkv'], 'My: folder');
      const above = temporaryFolder();
      const folder = join(above, 'My: folder');
      publish(mended, above);
      rmSync(join(folder, 'lost: a.mkv'));
      const store = await openFilePieceStore(mended.metainfo, by === 'path' ? { path: folder } : { folder: above });
      await storeAll(store, mended);
      await store.close();
      expect(readdirSync(above)).toEqual(['My: folder']);
      expect(readdirSync(folder).sort()).toEqual(['Film: the sequel.mkv', 'lost_ a.mkv']);
      expect(await verifyFile(mended.metainfo, folder)).toMatchObject({ isRight: true });
    },
  );
});

describe.skipIf(process.platform === 'win32')('names that lead elsewhere', () => {
  it.each([
    ['a step up', ['..', 'secret:']],
    ['a step up in a name', ['../secret:']],
    ['a path from the root', ['/secret:']],
    ['the end of a string', ['secret:\0']],
    ['nothing', ['', 'secret:']],
    ['itself', ['.', 'secret:']],
  ])('are not followed, though a file lies there: %s', async (_what, path) => {
    const content = sampleContent({ name: 'folder', files: [{ path: ['x'], length: 100 }] });
    const [file] = content.metainfo.files;
    if (file === undefined) throw new Error('the sample has no file');
    const metainfo = { ...content.metainfo, files: [{ ...file, path: ['folder', ...path] }] };
    const above = temporaryFolder();
    const folder = join(above, 'folder');
    mkdirSync(folder);
    for (const place of [above, folder]) writeFileSync(join(place, 'secret:'), content.bytes);
    const report = await verifyFile(metainfo, folder);
    expect(report.badFiles).toEqual([{ path: report.contentPaths[0], reason: 'missing' }]);
    expect(report.contentPaths[0]).toMatch(/secret_/u);
    expect(report.contentPaths[0]?.startsWith(join(folder, '/'))).toBe(true);
  });

  it('are not followed through a link in the content', async () => {
    const content = sample(['Season: 1/a']);
    const [above, elsewhere] = [temporaryFolder(), temporaryFolder()];
    writeFileSync(join(elsewhere, 'a'), content.bytes);
    const folder = join(above, 'folder');
    mkdirSync(folder);
    symlinkSync(elsewhere, join(folder, 'Season: 1'));
    expect(existsSync(join(folder, 'Season: 1', 'a'))).toBe(true);
    const { badFiles } = await verifyFile(content.metainfo, folder);
    expect(badFiles).toEqual([{ path: join(folder, 'Season_ 1', 'a'), reason: 'missing' }]);
  });
});
