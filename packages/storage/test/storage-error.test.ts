import { describe, expect, it } from 'vitest';

import { StorageError, storageErrorFrom, storageErrorFromNumber } from '../src/storage-error.js';

function systemError(code: string): Error {
  return Object.assign(new Error(code), { code });
}

describe('StorageError', () => {
  it.each([
    ['ENOSPC', 'disk-full'],
    ['EDQUOT', 'disk-full'],
    ['EACCES', 'denied'],
    ['EPERM', 'denied'],
    ['EROFS', 'denied'],
    ['ENOENT', 'not-found'],
    ['EMFILE', 'too-many-open-files'],
    ['ELOOP', 'unsafe-path'],
    ['EIO', 'io'],
    ['EWHATEVER', 'io'],
  ])('makes %s of the system into %s', (name, code) => {
    expect(storageErrorFrom(systemError(name), 'write', '/a').code).toBe(code);
  });

  it('says what was attempted, where, and what the system said', () => {
    const cause = systemError('ENOSPC');
    const error = storageErrorFrom(cause, 'write', '/disk/file');
    expect(error.message).toMatch(/^cannot write \/disk\/file: no space left on the disk;.*\(ENOSPC\)$/u);
    expect(error).toMatchObject({ name: 'StorageError', path: '/disk/file', cause });
  });

  it('is made from a number alone', () => {
    expect(storageErrorFromNumber(-28, 'write', '/a')).toMatchObject({ code: 'disk-full', path: '/a' });
    expect(storageErrorFromNumber(0, 'write', '/a')).toMatchObject({ code: 'io' });
  });

  it('is passed on as it is', () => {
    const error = new StorageError('closed', 'the store is closed');
    expect(storageErrorFrom(error, 'write', '/a')).toBe(error);
    expect(error.path).toBeUndefined();
  });
});
