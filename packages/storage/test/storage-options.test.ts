import { describe, expect, it } from 'vitest';

import { DEFAULT_FILE_STORE_OPTIONS, resolveFileStoreOptions } from '../src/storage-options.js';
import type { FileStoreOptions } from '../src/storage-options.js';

/** What JavaScript may pass. */
function untyped(json: string): FileStoreOptions {
  // eslint-disable-next-line @typescript-eslint/no-unsafe-return -- anything at all is the point
  return JSON.parse(json);
}

describe('resolveFileStoreOptions', () => {
  it('completes the options', () => {
    expect(resolveFileStoreOptions({ folder: 'here' })).toEqual({
      place: { folder: 'here' },
      contentPaths: undefined,
      stateDir: undefined,
      ...DEFAULT_FILE_STORE_OPTIONS,
      worker: undefined,
      check: {},
    });
  });

  it.each([
    [
      '{"folder":"a","stateDirectory":"b"}',
      /"stateDirectory" is no option of openFilePieceStore; expected folder, path/u,
    ],
    ['{}', /expected one of "folder" and "path", got none/u],
    ['{"folder":"a","path":"b"}', /expected one of "folder" and "path", got both/u],
    ['{"folder":1}', /"folder" expected a string, got number/u],
    ['{"path":""}', /"path" expected a path, got ""/u],
    ['{"path":"a\\u0000b"}', /"path" expected a path/u],
    ['{"path":"a","overwrite":"yes"}', /"overwrite" expected true or false, got string/u],
  ])('refuses %s and says why', (json, message) => {
    expect(() => resolveFileStoreOptions(untyped(json))).toThrow(message);
  });

  it('has defaults that nobody can change', () => {
    expect(Object.isFrozen(DEFAULT_FILE_STORE_OPTIONS)).toBe(true);
  });
});
