/** A store that reads its pieces back while it is used: what is committed meanwhile, what cannot be read, and closing it. */
import { describe, expect, it } from 'vitest';

import { nodeFileSystem } from '../src/file-system.js';
import type { FileSystem } from '../src/file-system.js';
import { openStoreOn } from '../src/open-file-piece-store.js';
import type { CommitOutcome } from '../src/piece-store.js';
import { commit, pieceBytes, sampleContent, storeAll, writePiece } from './sample-content.js';
import { newPlace } from './resumed-content.js';

const sample = sampleContent({ length: 4 * 1024 * 1024, pieceLength: 65_536, name: 'film' });
const { layout } = sample.metainfo;

function failing(code: string, errno: number): FileSystem & { isFailing: boolean } {
  const disk = {
    ...nodeFileSystem,
    isFailing: false,
    openSync: (path: string, flags: number, mode?: number): number => {
      if (disk.isFailing) throw Object.assign(new Error(code), { code, errno });
      return nodeFileSystem.openSync(path, flags, mode);
    },
  };
  return disk;
}

describe('reading back', () => {
  it.each([
    ['EMFILE', -24, 'too-many-open-files'],
    ['EACCES', -13, 'denied'],
    ['EIO', -5, 'io'],
  ])('says what the disk says (%s), and takes no piece for wrong', async (name, errno, code) => {
    const disk = failing(name, errno);
    const place = newPlace();
    const store = await openStoreOn(disk, sample.metainfo, place);
    await storeAll(store, sample);
    disk.isFailing = true;
    await expect(store.verifyAll()).rejects.toMatchObject({ code });
    await expect(store.verifyPiece(layout.pieceIndex(0))).rejects.toMatchObject({ code });
    disk.isFailing = false;
    expect(store.have().isFull).toBe(true);
    await store.close();
    const next = await openStoreOn(disk, sample.metainfo, place);
    expect(next.resumed).toEqual({ kind: 'clean', havePieces: layout.pieceCount, checkedPieces: 0 });
    await next.close();
  });

  it('says at the start what the disk says, and calls no file foreign', async () => {
    const place = newPlace();
    const disk = failing('EACCES', -13);
    const store = await openStoreOn(disk, sample.metainfo, { ...place, stateDir: undefined });
    await storeAll(store, sample);
    await store.close();
    disk.isFailing = true;
    await expect(openStoreOn(disk, sample.metainfo, place)).rejects.toMatchObject({ code: 'denied' });
  });

  it('has nothing to say of a piece that was committed meanwhile', async () => {
    const store = await openStoreOn(nodeFileSystem, sample.metainfo, newPlace());
    const first = layout.pieceIndex(0);
    await storeAll(store, sample, [...layout.pieces()].slice(1));
    let outcome: Promise<CommitOutcome> | undefined;
    const verifying = store.verifyAll({
      onProgress: (done) => {
        if (done > 2 * 1024 * 1024 && outcome === undefined) {
          writePiece(store, first, pieceBytes(sample, first));
          outcome = commit(store, first);
        }
      },
    });
    expect((await verifying).isFull).toBe(true);
    expect(await outcome).toEqual({ kind: 'stored' });
    expect(store.have().isFull).toBe(true);
    await store.close();
  });

  it('ends when the store is closed', async () => {
    const store = await openStoreOn(nodeFileSystem, sample.metainfo, newPlace());
    await storeAll(store, sample);
    const reading = [store.verifyAll(), store.wholeSha1()].map((each) =>
      expect(each).rejects.toMatchObject({ code: 'closed' }),
    );
    await store.close();
    await Promise.all(reading);
  });
});

describe('flush', () => {
  it('does not wait for what is committed after it was called', async () => {
    let count = 0;
    let countAtSync = Infinity;
    const disk = {
      ...nodeFileSystem,
      syncData: (handle: number): Promise<void> => {
        countAtSync = Math.min(count, countAtSync);
        return nodeFileSystem.syncData(handle);
      },
    };
    const store = await openStoreOn(disk, sample.metainfo, newPlace());
    const commitNext = (): void => {
      const piece = layout.pieceIndex(count++);
      writePiece(store, piece, pieceBytes(sample, piece));
      store.commitPiece(piece, () => {
        if (count < layout.pieceCount) commitNext();
      });
    };
    commitNext();
    commitNext();
    await store.flush();
    expect(countAtSync).toBeLessThan(layout.pieceCount);
    await store.close();
  });
});

describe('padding', () => {
  it('is zeros whatever came: a piece that has its hash with other bytes there is corrupt', async () => {
    const files = [
      { path: ['a'], length: 10_000 },
      { path: ['.pad', '1'], length: 6_384 },
    ];
    const shape = { name: 'folder', pieceLength: 16_384, files };
    const foul = sampleContent(shape);
    const { metainfo } = foul;
    const padded = { ...metainfo, files: metainfo.files.map((file, index) => ({ ...file, isPadding: index === 1 })) };
    const store = await openStoreOn(nodeFileSystem, padded, newPlace());
    const piece = metainfo.layout.pieceIndex(0);
    writePiece(store, piece, pieceBytes(foul, piece));
    expect(await commit(store, piece)).toEqual({ kind: 'corrupt' });
    await store.close();
  });
});
