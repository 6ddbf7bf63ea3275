/**
 * Goal: whatever call on the disk fails, and however, no piece is claimed that is not there, nothing stored is lost, and
 * the store works again when the disk does. Method: a download with flushes in it is repeated, each time with the k-th
 * call failing (or all from the k-th on), until k is beyond the last call; then the content is opened again and compared.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { nodeFileSystem } from '../src/file-system.js';
import type { FileSystem } from '../src/file-system.js';
import { openFilePieceStore, openStoreOn } from '../src/open-file-piece-store.js';
import { StorageError } from '../src/storage-error.js';
import { commit, pieceBytes, read, sampleContent, storeAll, writePiece } from './sample-content.js';
import { temporaryFolder } from './temporary-folder.js';

const sample = sampleContent({
  name: 'folder',
  pieceLength: 16_384,
  files: [
    { path: ['a.bin'], length: 40_000 },
    { path: ['sub', 'b.bin'], length: 30_000 },
  ],
});
const { layout } = sample.metainfo;

/** A file system of which some calls fail. */
class FailingFileSystem {
  readonly fileSystem: FileSystem;
  calls = 0;
  shouldFail: (call: number) => boolean;

  constructor(shouldFail: (call: number) => boolean) {
    this.shouldFail = shouldFail;
    const fail = (): Error | undefined => {
      if (!this.shouldFail(this.calls++)) return undefined;
      return Object.assign(new Error('ENOSPC'), { code: 'ENOSPC', errno: -28 });
    };
    this.fileSystem = new Proxy(nodeFileSystem, {
      get: (target, name, receiver): unknown => {
        const method: unknown = Reflect.get(target, name, receiver);
        if (typeof method !== 'function') return method;
        return (...parameters: unknown[]): unknown => {
          // A close that fails has closed nevertheless.
          const error = String(name).startsWith('close') ? undefined : fail();
          if (error === undefined) return Reflect.apply(method, target, parameters);
          if (String(name).endsWith('Sync')) throw error;
          return Promise.reject(error);
        };
      },
    });
  }
}

interface Place {
  readonly folder: string;
  readonly stateDir: string;
}

interface Report {
  /** Pieces of which the store said that they are stored. */
  readonly stored: Set<number>;
  /** Those before the last flush that succeeded. */
  readonly flushed: Set<number>;
  readonly errors: unknown[];
}

/** A whole download; what fails is noted, and gone on from as a node would. */
async function download(fileSystem: FileSystem, place: Place): Promise<Report> {
  const report: Report = { stored: new Set(), flushed: new Set(), errors: [] };
  const attempt = async (action: () => Promise<unknown>): Promise<boolean> => {
    try {
      await action();
      return true;
    } catch (error) {
      report.errors.push(error);
      return false;
    }
  };
  await attempt(async () => {
    const store = await openStoreOn(fileSystem, sample.metainfo, place);
    for (const piece of store.have().indices()) report.flushed.add(piece);
    for (const piece of layout.pieces()) {
      writePiece(store, piece, pieceBytes(sample, piece));
      const outcome = await commit(store, piece);
      if (outcome.kind === 'stored') report.stored.add(piece);
      else report.errors.push(outcome.kind === 'failed' ? outcome.error : outcome);
      if (outcome.kind === 'stored') {
        const answer = await read(store, piece, 0, 100);
        if (answer.kind === 'failed') report.errors.push(answer.error);
        else expect(Buffer.compare(answer.data, pieceBytes(sample, piece).subarray(0, 100))).toBe(0);
      }
      if (piece % 2 === 1 && (await attempt(() => store.flush()))) {
        for (const one of report.stored) report.flushed.add(one);
      }
    }
    if (await attempt(() => store.close())) for (const one of report.stored) report.flushed.add(one);
  });
  return report;
}

/** What the next start, on a disk that works, must find. */
async function expectTruth(place: Place, { flushed }: Report): Promise<void> {
  const store = await openFilePieceStore(sample.metainfo, place);
  const claimed = store.have();
  for (const piece of flushed) expect(claimed.has(piece)).toBe(true);
  const right = await store.verifyAll();
  for (const piece of claimed.indices()) expect(right.has(piece)).toBe(true);
  await storeAll(store, sample);
  expect(store.have().isFull).toBe(true);
  await store.close();
  const path = (name: string): string => join(place.folder, 'folder', name);
  const bytes = Buffer.concat([readFileSync(path('a.bin')), readFileSync(path('sub/b.bin'))]);
  expect(bytes.equals(sample.bytes)).toBe(true);
}

function newPlace(): Place {
  const folder = temporaryFolder();
  return { folder: join(folder, 'content'), stateDir: join(folder, 'state') };
}

async function countCalls(): Promise<number> {
  const counting = new FailingFileSystem(() => false);
  const report = await download(counting.fileSystem, newPlace());
  expect(report.errors).toEqual([]);
  expect(report.flushed.size).toBe(layout.pieceCount);
  return counting.calls;
}

describe('a disk that fails', () => {
  it('once, at any call: loses nothing and claims nothing', async () => {
    const count = await countCalls();
    expect(count).toBeGreaterThan(30);
    for (let failing = 0; failing < count; failing++) {
      const place = newPlace();
      const disk = new FailingFileSystem((call) => call === failing);
      const report = await download(disk.fileSystem, place);
      for (const error of report.errors) expect(error).toMatchObject({ name: 'StorageError', code: 'disk-full' });
      await expectTruth(place, report);
    }
  });

  it('for good, from any call on: loses nothing and claims nothing', async () => {
    const count = await countCalls();
    for (let failing = 0; failing < count; failing++) {
      const place = newPlace();
      const disk = new FailingFileSystem((call) => call >= failing);
      const report = await download(disk.fileSystem, place);
      expect(report.errors.length).toBeGreaterThan(0);
      for (const error of report.errors) expect(error).toBeInstanceOf(StorageError);
      await expectTruth(place, report);
    }
  });

  it('works again in the same store when it has room again', async () => {
    const place = newPlace();
    const disk = new FailingFileSystem(() => false);
    const store = await openStoreOn(disk.fileSystem, sample.metainfo, place);
    await storeAll(store, sample, [0]);
    disk.shouldFail = () => true;
    const piece = layout.pieceIndex(1);
    writePiece(store, piece, pieceBytes(sample, piece));
    expect(await commit(store, piece)).toMatchObject({ kind: 'failed', error: { code: 'disk-full' } });
    disk.shouldFail = () => false;
    await storeAll(store, sample);
    await store.close();
    await expectTruth(place, { stored: new Set(), flushed: new Set(layout.pieces()), errors: [] });
  });
});
