import { expect, it } from 'vitest';

import * as storage from '../src/index.js';

it('exports exactly these names; to add one is a decision', () => {
  expect(Object.keys(storage).sort()).toEqual([
    'DEFAULT_FILE_STORE_OPTIONS',
    'MAX_NAME_BYTES',
    'MAX_NAME_COLLISIONS',
    'MAX_PATH_DEPTH',
    'StorageError',
    'StorageWorker',
    'createDiscardPieceStore',
    'createMemoryPieceStore',
    'createMetainfo',
    'missingFile',
    'openFilePieceStore',
    'resolveFileStoreOptions',
    'safeName',
    'safePath',
    'safePaths',
    'verifyFile',
  ]);
});
