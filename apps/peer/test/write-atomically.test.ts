import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { writeAtomically } from '../src/write-atomically.js';
import { ScratchFolder } from './scratch-folder.js';

let scratch: ScratchFolder;

beforeEach(() => {
  scratch = new ScratchFolder();
});

afterEach(() => {
  scratch.remove();
});

describe('writeAtomically', () => {
  it('makes the file and the folders it lies in, and leaves nothing beside it', async () => {
    await writeAtomically(scratch.at('a', 'b', 'file'), 'new');
    expect(readFileSync(scratch.at('a', 'b', 'file'), 'utf8')).toBe('new');
    expect(readdirSync(scratch.at('a', 'b'))).toEqual(['file']);
  });

  it('keeps the permissions of the file it replaces', async () => {
    writeFileSync(scratch.at('file'), 'old');
    chmodSync(scratch.at('file'), 0o640);
    await writeAtomically(scratch.at('file'), 'new');
    expect(readFileSync(scratch.at('file'), 'utf8')).toBe('new');
    expect(statSync(scratch.at('file')).mode & 0o777).toBe(0o640);
  });

  it('follows a link, which stays one', async () => {
    mkdirSync(scratch.at('elsewhere'));
    writeFileSync(scratch.at('elsewhere', 'file'), 'old');
    symlinkSync(scratch.at('elsewhere', 'file'), scratch.at('link'));
    await writeAtomically(scratch.at('link'), 'new');
    expect(lstatSync(scratch.at('link')).isSymbolicLink()).toBe(true);
    expect(readFileSync(scratch.at('elsewhere', 'file'), 'utf8')).toBe('new');
    expect(readdirSync(scratch.at('elsewhere'))).toEqual(['file']);
  });

  it('refuses a link that leads nowhere, and leaves it', async () => {
    symlinkSync(scratch.at('gone'), scratch.at('link'));
    await expect(writeAtomically(scratch.at('link'), 'new')).rejects.toMatchObject({
      code: 'refused',
      message: `${scratch.at('link')} is a symbolic link that leads nowhere; remove it, or choose another name`,
    });
    expect(lstatSync(scratch.at('link')).isSymbolicLink()).toBe(true);
  });

  it.each([
    ['a folder', (path: string) => mkdirSync(path)],
    ['a pipe', (path: string) => execFileSync('mkfifo', [path])],
    ['a link to a device', (path: string) => execFileSync('ln', ['-s', '/dev/null', path])],
  ])('refuses %s, and leaves it', async (_, make) => {
    make(scratch.at('there'));
    const before = lstatSync(scratch.at('there'));
    await expect(writeAtomically(scratch.at('there'), 'new')).rejects.toMatchObject({
      code: 'refused',
      message: `${scratch.at('there')} is not a regular file; choose another name`,
    });
    expect(lstatSync(scratch.at('there')).ino).toBe(before.ino);
  });
});
