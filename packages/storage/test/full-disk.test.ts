/**
 * A disk that is really full, with the worker writing to it: a file system of a few megabytes in memory, which only root
 * can mount, on Linux. Elsewhere this is skipped; `failing-disk.test.ts` plays the same everywhere.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it, onTestFinished } from 'vitest';

import { INLINE_CONTENT_BYTES } from '../src/commit-pipeline.js';
import { openFilePieceStore } from '../src/open-file-piece-store.js';
import { commit, pieceBytes, sampleContent, storeAll, writePiece } from './sample-content.js';
import { temporaryFolder } from './temporary-folder.js';

const canMount = process.platform === 'linux' && process.getuid?.() === 0 && tryMount();

it.skipIf(!canMount)('goes on where it was when a full disk has room again (needs root on Linux)', async () => {
  const sample = sampleContent({ length: INLINE_CONTENT_BYTES + 1_000_000, pieceLength: 65_536, name: 'film' });
  const { layout } = sample.metainfo;
  const folder = mountSmallDisk(12);
  writeFileSync(join(folder, 'ballast'), new Uint8Array(6 * 1024 * 1024));
  const options = { folder, stateDir: temporaryFolder() };

  await expect(openFilePieceStore(sample.metainfo, options)).rejects.toMatchObject({
    code: 'disk-full',
    message: /not enough space for .*film: \d+ bytes are needed, \d+ are free/u,
  });

  const store = await openFilePieceStore(sample.metainfo, { ...options, checkFreeSpace: false });
  const refused: number[] = [];
  for (const piece of layout.pieces()) {
    writePiece(store, piece, pieceBytes(sample, piece));
    const outcome = await commit(store, piece);
    if (outcome.kind === 'stored') continue;
    expect(outcome).toMatchObject({ kind: 'failed', error: { code: 'disk-full', path: join(folder, 'film') } });
    refused.push(piece);
  }
  expect(refused.length).toBeGreaterThan(10);
  expect(store.have().count).toBe(layout.pieceCount - refused.length);

  rmSync(join(folder, 'ballast'));
  await storeAll(store, sample, refused);
  await store.close();
  expect(readFileSync(join(folder, 'film')).equals(sample.bytes)).toBe(true);
});

function mountSmallDisk(mebibytes: number): string {
  const folder = temporaryFolder();
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'p2p-storage-test', folder]);
  // Finishing goes backwards: unmounted before the folder is removed.
  onTestFinished(() => void execFileSync('umount', [folder]));
  return folder;
}

function tryMount(): boolean {
  try {
    execFileSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'p2p-storage-test', '/mnt'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
