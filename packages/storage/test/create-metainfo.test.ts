import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { MAX_METADATA_BYTES, decodeMetainfo, toHex } from '@p2p/wire';

import { INLINE_CONTENT_BYTES } from '../src/commit-pipeline.js';
import { createMetainfo } from '../src/create-metainfo.js';
import { openFilePieceStore } from '../src/open-file-piece-store.js';
import { sha1 } from '../src/sha1.js';
import { pseudoRandomBytes, readPiece, sampleContent } from './sample-content.js';
import { temporaryFolder } from './temporary-folder.js';

/** Makes files below a new folder called `name`. */
function makeFolder(files: Readonly<Record<string, Uint8Array | string>>, name = 'folder'): string {
  const folder = join(temporaryFolder(), name);
  mkdirSync(folder);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

describe('createMetainfo of a file', () => {
  it('is the same as one made by hand', async () => {
    const sample = sampleContent({ length: 200_001, pieceLength: 65_536, name: 'file.bin' });
    const folder = makeFolder({ 'file.bin': sample.bytes });
    const { metainfo, contentPaths } = await createMetainfo(join(folder, 'file.bin'));
    expect(toHex(metainfo.infoHash)).toBe(toHex(sample.metainfo.infoHash));
    expect(metainfo.sha1).toEqual(new Uint8Array(sha1(sample.bytes)));
    expect(contentPaths).toEqual([join(folder, 'file.bin')]);
  });

  it('is the same on the threads as on the main one, whatever the piece length', async () => {
    const length = INLINE_CONTENT_BYTES + 1_234_567;
    const bytes = pseudoRandomBytes(length, 9);
    const folder = makeFolder({ 'large.bin': bytes });
    for (const pieceLength of [16_384, 4 * 1024 * 1024]) {
      const { metainfo } = await createMetainfo(join(folder, 'large.bin'), { pieceLength });
      const expected = Array.from({ length: Math.ceil(length / pieceLength) }, (_, piece) =>
        sha1(bytes.subarray(piece * pieceLength, (piece + 1) * pieceLength)),
      );
      expect(Buffer.from(metainfo.pieceHashes).equals(Buffer.concat(expected))).toBe(true);
      expect(metainfo.sha1).toEqual(new Uint8Array(sha1(bytes)));
    }
  });

  it('takes an empty one, and one of a byte', async () => {
    const folder = makeFolder({ empty: '', one: '1' });
    const empty = await createMetainfo(join(folder, 'empty'));
    expect(empty.metainfo.layout).toMatchObject({ totalBytes: 0, pieceCount: 0 });
    const one = await createMetainfo(join(folder, 'one'));
    expect(one.metainfo.layout).toMatchObject({ totalBytes: 1, pieceCount: 1 });
  });

  it('does not depend on when it was written, nor by whom, nor where', async () => {
    const first = makeFolder({ 'a.txt': 'same' });
    const second = makeFolder({ 'a.txt': 'same' });
    utimesSync(join(second, 'a.txt'), 1, 1);
    const made = await Promise.all([first, second].map((folder) => createMetainfo(join(folder, 'a.txt'))));
    expect(Buffer.compare(...pair(made.map(({ torrentBytes }) => torrentBytes)))).toBe(0);
  });

  it('has another info-hash for another choice, but not for another comment', async () => {
    const path = join(makeFolder({ 'a.txt': 'text' }), 'a.txt');
    const hash = async (options: Parameters<typeof createMetainfo>[1]): Promise<string> =>
      toHex((await createMetainfo(path, options)).metainfo.infoHash);
    const plain = await hash({});
    expect(await hash({ comment: 'hello' })).toBe(plain);
    expect(
      new Set([plain, await hash({ name: 'b' }), await hash({ isPrivate: true }), await hash({ pieceLength: 16_384 })]),
    ).toHaveProperty('size', 4);
  });

  it('makes a torrent file that says the same', async () => {
    const path = join(makeFolder({ 'a.txt': 'text' }), 'a.txt');
    const { metainfo, torrentBytes } = await createMetainfo(path, { comment: 'hello' });
    const decoded = decodeMetainfo(torrentBytes);
    expect(toHex(decoded.metainfo.infoHash)).toBe(toHex(metainfo.infoHash));
    expect(decoded.comment).toBe('hello');
  });

  it('follows a link that is named, and keeps the name of the link', async () => {
    const folder = makeFolder({ 'real.bin': 'text' });
    symlinkSync(join(folder, 'real.bin'), join(folder, 'link.bin'));
    const { metainfo, contentPaths } = await createMetainfo(join(folder, 'link.bin'));
    expect(metainfo.name).toBe('link.bin');
    expect(contentPaths).toEqual([join(folder, 'real.bin')]);
  });
});

describe('createMetainfo of a folder', () => {
  it('sorts by the bytes of the names, element by element, and keeps empty and hidden files', async () => {
    const names = ['b', 'a/z', 'a/empty', 'a.b', 'A', '.hidden', '\uFF5E', '😀', 'a b/c'];
    const folder = makeFolder(Object.fromEntries(names.map((name) => [name, name.endsWith('empty') ? '' : name])));
    const { metainfo } = await createMetainfo(folder);
    expect(metainfo.files.map((file) => file.path.slice(1).join('/'))).toEqual([
      '.hidden',
      'A',
      'a/empty',
      'a/z',
      'a b/c',
      'a.b',
      'b',
      '\uFF5E',
      '😀',
    ]);
    expect(metainfo.name).toBe('folder');
    const hashes = metainfo.files.map((file) => toHex(file.sha1 ?? new Uint8Array(0)));
    expect(hashes[1]).toBe(toHex(sha1(new TextEncoder().encode('A'))));
    expect(hashes[2]).toBe('da39a3ee5e6b4b0d3255bfef95601890afd80709');
  });

  it('gives names in NFC, whatever is on the disk, and shares from where the files are', async () => {
    const folder = makeFolder({ 'e\u0301.txt': 'text', 'what?.txt': 'more' });
    const { metainfo, contentPaths } = await createMetainfo(folder);
    expect(metainfo.files.map((file) => file.path.at(-1))).toEqual(['what?.txt', '\u00E9.txt']);
    const store = await openFilePieceStore(metainfo, { path: folder, contentPaths, assumeComplete: true });
    expect(Buffer.from(await readPiece(store, metainfo.layout.pieceIndex(0))).toString()).toBe('moretext');
    await store.close();
  });

  it('leaves links out, and says which', async () => {
    const folder = makeFolder({ 'a.txt': 'text' });
    symlinkSync('/etc', join(folder, 'etc'));
    symlinkSync('nowhere', join(folder, 'dangling'));
    const { metainfo, skippedLinks } = await createMetainfo(folder);
    expect(metainfo.files).toHaveLength(1);
    expect(skippedLinks).toEqual([join(folder, 'dangling'), join(folder, 'etc')]);
  });

  it('refuses a pipe', async () => {
    const folder = makeFolder({ 'a.txt': 'text' });
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    await expect(createMetainfo(folder)).rejects.toMatchObject({ code: 'not-a-file', path: join(folder, 'pipe') });
    await expect(createMetainfo(join(folder, 'pipe'))).rejects.toMatchObject({ code: 'not-a-file' });
  });

  it('refuses two names that differ only in their form', async () => {
    const folder = makeFolder({ 'e\u0301': '1', '\u00E9': '2' });
    await expect(createMetainfo(folder)).rejects.toMatchObject({ code: 'unsafe-path', message: /Unicode/u });
  });

  it('refuses a name that is no UTF-8', async () => {
    const folder = makeFolder({ 'a.txt': 'text' });
    writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0xff, 0xfe])]), 'x');
    await expect(createMetainfo(folder)).rejects.toMatchObject({ code: 'unsafe-path', message: /UTF-8/u });
  });

  it('refuses a folder without files, and a path where nothing is', async () => {
    const folder = makeFolder({});
    await expect(createMetainfo(folder)).rejects.toMatchObject({ code: 'not-found', message: /no file in it/u });
    await expect(createMetainfo(join(folder, 'nothing'))).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('createMetainfo', () => {
  it('refuses options that are wrong, and names them', async () => {
    await expect(createMetainfo('/', { pieceLength: 50_000 })).rejects.toThrow(
      /"pieceLength" expected a power of two/u,
    );
    await expect(createMetainfo('/', { pieceLength: 8_192 })).rejects.toThrow(RangeError);
    await expect(createMetainfo('/', { name: '' })).rejects.toThrow(/"name"/u);
    await expect(createMetainfo('/', Object.assign({ isPrivate: false }, { pieceSize: 1 }))).rejects.toThrow(
      /"pieceSize" is no option/u,
    );
  });

  it('hashes nothing of what is too much for one torrent, and says what to do', async () => {
    const path = join(makeFolder({ 'large.bin': new Uint8Array(INLINE_CONTENT_BYTES * 2) }), 'large.bin');
    let isHashing = false;
    const options = { name: 'n'.repeat(MAX_METADATA_BYTES), onProgress: () => (isHashing = true) };
    await expect(createMetainfo(path, options)).rejects.toThrow(RangeError);
    await expect(createMetainfo(path, options)).rejects.toThrow(
      /at most 16777216 bytes.*longer pieces.*several torrents/u,
    );
    expect(isHashing).toBe(false);
  });

  it('tells its progress up to the end', async () => {
    const path = join(makeFolder({ 'large.bin': new Uint8Array(INLINE_CONTENT_BYTES * 2) }), 'large.bin');
    const seen: number[] = [];
    await createMetainfo(path, { onProgress: (bytes) => seen.push(bytes) });
    expect(seen.at(-1)).toBe(INLINE_CONTENT_BYTES * 2);
    expect(seen.toSorted((left, right) => left - right)).toEqual(seen);
  });

  it('ends when the caller wants no more', async () => {
    const path = join(makeFolder({ 'large.bin': new Uint8Array(INLINE_CONTENT_BYTES * 8) }), 'large.bin');
    await expect(createMetainfo(path, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'aborted' });
    const controller = new AbortController();
    const made = createMetainfo(path, { signal: controller.signal, onProgress: () => controller.abort() });
    await expect(made).rejects.toMatchObject({ code: 'aborted' });
    expect(existsSync(path)).toBe(true);
  });

  it('notices that a file was written to meanwhile', async () => {
    const path = join(makeFolder({ 'large.bin': new Uint8Array(INLINE_CONTENT_BYTES * 4) }), 'large.bin');
    let isChanged = false;
    const made = createMetainfo(path, {
      onProgress: () => {
        if (!isChanged) appendFileSync(path, 'more');
        isChanged = true;
      },
    });
    await expect(made).rejects.toMatchObject({ code: 'changed', path });
  });
});

function pair<T>([first, second]: T[]): [T, T] {
  if (first === undefined || second === undefined) throw new Error('expected two');
  return [first, second];
}
