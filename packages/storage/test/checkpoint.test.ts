/** In what order, and when, pieces reach the disk and the journal. The disk is played: it says what was asked of it. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { Bitfield } from '@p2p/wire';

import { CHECKPOINT_BYTES, Checkpoint } from '../src/checkpoint.js';
import { ContentIo } from '../src/content-io.js';
import { ContentMap } from '../src/content-map.js';
import { nodeFileSystem } from '../src/file-system.js';
import type { FileSystem } from '../src/file-system.js';
import { decodeJournal } from '../src/journal-format.js';
import { Journal } from '../src/journal.js';
import { temporaryFolder } from './temporary-folder.js';

const pieceLength = 16_384;
const pieceCount = 10;
const identity = { infoHash: new Uint8Array(20), pieceLength, pieceCount, fileCount: 1 };

interface Bench {
  readonly checkpoint: Checkpoint;
  /** What was asked of the disk, in order: data synced, journal written, ... */
  readonly log: string[];
  readonly disk: { syncFailure?: Error; onSync?: () => void };
  readonly journalled: () => number[];
  readonly isClean: () => boolean | undefined;
}

function setUp(): Bench {
  const folder = temporaryFolder();
  const path = join(folder, 'journal', 'x.journal');
  const log: string[] = [];
  const disk: Bench['disk'] = {};
  const fileSystem: FileSystem = {
    ...nodeFileSystem,
    write: (handle, bytes, position) => {
      log.push('journal');
      return nodeFileSystem.write(handle, bytes, position);
    },
    syncData: async (handle) => {
      await nodeFileSystem.syncData(handle);
      disk.onSync?.();
      log.push('sync');
      if (disk.syncFailure !== undefined) throw disk.syncFailure;
    },
  };
  const length = pieceLength * pieceCount;
  const file = { path: join(folder, 'content'), length, offset: 0, isStored: true, isExecutable: false };
  const io = new ContentIo(fileSystem, new ContentMap([file]), folder);
  io.prepare(0, true);
  mkdirSync(join(folder, 'journal'));
  const journal = new Journal(fileSystem, path, identity);
  const synced = new Bitfield(pieceCount);
  const checkpoint = new Checkpoint({ io, journal, pieceLength, synced, marks: [undefined], isJournalClean: false });
  const content = (): ReturnType<typeof decodeJournal> => decodeJournal(readFileSync(path), identity);
  return {
    checkpoint,
    log,
    disk,
    journalled: () => [...(content()?.have.indices() ?? [])],
    isClean: () => content()?.isClean,
  };
}

describe('Checkpoint', () => {
  it('syncs the data before the journal says so', async () => {
    const { checkpoint, log, journalled } = setUp();
    checkpoint.noteStored(3, pieceLength);
    await checkpoint.flush();
    expect(log.slice(0, 2)).toEqual(['sync', 'journal']);
    expect(journalled()).toEqual([3]);
    await checkpoint.close();
  });

  it('leaves what is stored while it syncs to the next round', async () => {
    const { checkpoint, disk, journalled } = setUp();
    checkpoint.noteStored(1, pieceLength);
    disk.onSync = () => checkpoint.noteStored(2, pieceLength);
    const flushed = checkpoint.flush();
    await flushed;
    delete disk.onSync;
    expect(journalled()).toEqual([1]);
    await checkpoint.flush();
    expect(journalled()).toEqual([1, 2]);
    await checkpoint.close();
  });

  it('takes any number of flushes at once', async () => {
    const { checkpoint, journalled } = setUp();
    const flushes = Array.from({ length: pieceCount }, (_, piece) => {
      checkpoint.noteStored(piece, pieceLength);
      return checkpoint.flush();
    });
    await Promise.all(flushes);
    expect(journalled()).toHaveLength(pieceCount);
    await checkpoint.close();
  });

  it('starts by itself when so many bytes are waiting', async () => {
    const { checkpoint, journalled, log } = setUp();
    checkpoint.noteStored(1, CHECKPOINT_BYTES - 1);
    expect(log).toEqual([]);
    checkpoint.noteStored(2, 1);
    // No flush: only a wait for what is under way.
    while (!log.includes('journal')) await new Promise((resolve) => setImmediate(resolve));
    await checkpoint.flush();
    expect(journalled()).toEqual([1, 2]);
    await checkpoint.close();
  });

  it('writes lost pieces down, also those stored in the same round', async () => {
    const { checkpoint, journalled } = setUp();
    for (const piece of [1, 2, 3]) checkpoint.noteStored(piece, pieceLength);
    await checkpoint.flush();
    checkpoint.noteLost(2);
    checkpoint.noteStored(4, pieceLength);
    checkpoint.noteLost(4);
    checkpoint.noteLost(3);
    checkpoint.noteStored(3, pieceLength);
    await checkpoint.flush();
    expect(journalled()).toEqual([1, 3]);
    await checkpoint.close();
  });

  it('never claims what could not be synced, says so at each flush, and does not call the end orderly', async () => {
    const { checkpoint, disk, journalled, isClean } = setUp();
    checkpoint.noteStored(1, pieceLength);
    await checkpoint.flush();
    disk.syncFailure = Object.assign(new Error('EIO'), { code: 'EIO', errno: -5 });
    checkpoint.noteStored(2, pieceLength);
    await expect(checkpoint.flush()).rejects.toMatchObject({ code: 'io' });
    delete disk.syncFailure;
    checkpoint.noteStored(3, pieceLength);
    await expect(checkpoint.flush()).rejects.toMatchObject({ code: 'io' });
    await checkpoint.close();
    expect(journalled()).toEqual([1, 3]);
    expect(isClean()).toBe(false);
  });

  it('writes a lost piece down after a round that failed', async () => {
    const { checkpoint, disk, journalled } = setUp();
    checkpoint.noteStored(1, pieceLength);
    checkpoint.noteStored(2, pieceLength);
    await checkpoint.flush();
    disk.syncFailure = Object.assign(new Error('EIO'), { code: 'EIO', errno: -5 });
    checkpoint.noteLost(1);
    checkpoint.noteStored(3, pieceLength);
    await expect(checkpoint.flush()).rejects.toMatchObject({ code: 'io' });
    delete disk.syncFailure;
    await checkpoint.close();
    expect(journalled()).toEqual([2]);
  });

  it('marks an orderly end', async () => {
    const { checkpoint, isClean, journalled } = setUp();
    checkpoint.noteStored(5, pieceLength);
    await checkpoint.close();
    expect(isClean()).toBe(true);
    expect(journalled()).toEqual([5]);
  });
});
