import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { sha1 } from '../src/sha1.js';
import { verifyFile } from '../src/verify-file.js';
import { sampleContent } from './sample-content.js';
import { temporaryFolder } from './temporary-folder.js';

const single = sampleContent({ length: 5 * 32_768 + 100, name: 'file.bin' });
const lengths = { 'a.bin': 40_000, 'sub/b.bin': 100_000, 'sub/empty': 0, 'c.bin': 5 };
const many = sampleContent({
  name: 'folder',
  files: Object.entries(lengths).map(([path, length]) => ({ path: path.split('/'), length })),
});

function writeSingle(bytes: Uint8Array): string {
  const path = join(temporaryFolder(), 'renamed.bin');
  writeFileSync(path, bytes);
  return path;
}

function writeMany(): string {
  const folder = join(temporaryFolder(), 'folder');
  let offset = 0;
  for (const [path, length] of Object.entries(lengths)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), many.bytes.subarray(offset, offset + length));
    offset += length;
  }
  return folder;
}

function damaged(bytes: Uint8Array, ...positions: number[]): Uint8Array {
  const copy = bytes.slice();
  for (const position of positions) copy[position] = (copy[position] ?? 0) ^ 1;
  return copy;
}

describe('verifyFile', () => {
  it('finds nothing wrong with what is right, under any name', async () => {
    const report = await verifyFile(single.metainfo, writeSingle(single.bytes));
    expect(report).toMatchObject({ isRight: true, badPieces: [], badFiles: [] });
    expect(Buffer.from(report.sha1 ?? []).equals(sha1(single.bytes))).toBe(true);
    const folder = writeMany();
    expect(await verifyFile(many.metainfo, folder)).toMatchObject({
      isRight: true,
      sha1: new Uint8Array(sha1(many.bytes)),
    });
    expect(await verifyFile(many.metainfo, dirname(folder))).toMatchObject({ isRight: true });
  });

  it('names the bad pieces and files', async () => {
    const path = writeSingle(damaged(single.bytes, 40_000, 5 * 32_768));
    expect(await verifyFile(single.metainfo, path)).toEqual({
      isRight: false,
      badPieces: [1, 5],
      badFiles: [{ path, reason: 'damaged' }],
      contentPaths: [path],
      sha1: undefined,
    });
  });

  it('tells missing files, wrong lengths and damage apart', async () => {
    const folder = writeMany();
    rmSync(join(folder, 'a.bin'));
    rmSync(join(folder, 'sub/empty'));
    writeFileSync(join(folder, 'c.bin'), 'too long');
    const report = await verifyFile(many.metainfo, folder);
    expect(report.badPieces).toEqual([0, 1, 4]);
    expect(report.badFiles).toEqual([
      { path: join(folder, 'a.bin'), reason: 'missing' },
      { path: join(folder, 'sub/b.bin'), reason: 'damaged' },
      { path: join(folder, 'sub/empty'), reason: 'missing' },
      { path: join(folder, 'c.bin'), reason: 'wrong-length' },
    ]);
  });

  it('notices a hash of the whole that is another, though all pieces are right', async () => {
    const liar = { ...single.metainfo, sha1: new Uint8Array(20) };
    const path = writeSingle(single.bytes);
    expect(await verifyFile(liar, path)).toMatchObject({
      isRight: false,
      badPieces: [],
      badFiles: [{ path, reason: 'wrong-sha1' }],
    });
  });

  it('says when nothing lies there, and does not follow links in a content', async () => {
    await expect(verifyFile(single.metainfo, '/nothing/here')).rejects.toMatchObject({ code: 'not-found' });
    const folder = writeMany();
    rmSync(join(folder, 'sub'), { recursive: true });
    symlinkSync(temporaryFolder(), join(folder, 'sub'));
    await expect(verifyFile(many.metainfo, folder)).rejects.toMatchObject({ code: 'unsafe-path' });
  });
});
