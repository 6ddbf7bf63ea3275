import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';

import { describe, expect, it } from 'vitest';

import { chooseParent, makeWorkFolder, makeWorkFolderIn, removeWorkFolder } from '../../src/run/work-folder.js';
import { temporaryFolder } from '../temporary-folder.js';

const needs = { fileBytes: 1000, memoryBytes: 500 };

describe('chooseParent', () => {
  it('takes memory if files and nodes fit', () => {
    expect(chooseParent(needs, { memory: 1100, disk: 0, ram: 1600 })).toBe('memory');
  });

  it('takes the disk if the memory file system is too small, or the nodes would have to swap', () => {
    expect(chooseParent(needs, { memory: 1099, disk: 2000, ram: 9000 })).toBe('disk');
    expect(chooseParent(needs, { memory: 9000, disk: 2000, ram: 1599 })).toBe('disk');
    expect(chooseParent(needs, { memory: 0, disk: 1100, ram: 9000 })).toBe('disk');
  });

  it('takes neither if there is no room', () => {
    expect(chooseParent(needs, { memory: 1099, disk: 1099, ram: 9000 })).toBeUndefined();
  });
});

describe('makeWorkFolder', () => {
  it('says how much room is missing, and what to do', async () => {
    await expect(makeWorkFolder({ fileBytes: 2 ** 60, memoryBytes: 0 })).rejects.toThrow(
      /the copies need 1.* EiB, but .* has room for .*--work-dir/,
    );
  });
});

describe('makeWorkFolderIn', () => {
  it('makes a folder that goes with everything in it', async () => {
    const parent = temporaryFolder();
    const folder = await makeWorkFolderIn(parent);
    writeFileSync(join(folder.path, 'copy'), 'x');
    expect(existsSync(folder.path)).toBe(true);
    await removeWorkFolder(folder);
    expect(readdirSync(parent)).toEqual([]);
  });

  it('has an absolute path, whatever the parent was called', async () => {
    const parent = temporaryFolder();
    const folder = await makeWorkFolderIn(relative(process.cwd(), parent));
    expect(folder.path.startsWith(`${parent}/p2p-sim-`)).toBe(true);
  });

  it.skipIf(!existsSync('/dev/shm'))('knows the memory file system itself (skipped where there is none)', async () => {
    const folder = await makeWorkFolderIn('/dev/shm');
    await removeWorkFolder(folder);
    expect(folder.isInMemory).toBe(true);
  });

  it('names the option when the parent is not there', async () => {
    const missing = join(temporaryFolder(), 'missing');
    await expect(makeWorkFolderIn(missing)).rejects.toThrow(`--work-dir: expected an existing folder`);
  });
});
