/** The thread that hashes and writes: contents too large to be done on the main one. */
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { describe, expect, it } from 'vitest';

import { INLINE_CONTENT_BYTES } from '../src/commit-pipeline.js';
import { openFilePieceStore } from '../src/open-file-piece-store.js';
import { MAX_ARENA_BYTES } from '../src/piece-assembly.js';
import { sha1 } from '../src/sha1.js';
import { StorageWorker } from '../src/storage-worker.js';
import { buildForNode } from './build-for-node.js';
import { commit, pieceBytes, readPiece, sampleContent, storeAll, writePiece } from './sample-content.js';
import { temporaryFolder } from './temporary-folder.js';

const large = sampleContent({ length: INLINE_CONTENT_BYTES + 3 * 65_536 + 17, pieceLength: 65_536, name: 'large.bin' });
const { layout } = large.metainfo;
const pieces = [...layout.pieces()];

/** A worker that has started, so that nothing is done on the main thread. */
async function readyWorker(): Promise<StorageWorker> {
  const worker = new StorageWorker();
  await worker.runJob({ root: '/', files: [], task: { kind: 'prepare', files: [] } });
  expect(worker.isReady).toBe(true);
  return worker;
}

describe('StorageWorker', () => {
  it('stores a content whose pieces are all committed at once', async () => {
    const worker = await readyWorker();
    const folder = temporaryFolder();
    const store = await openFilePieceStore(large.metainfo, { folder, worker });
    for (const piece of pieces) writePiece(store, piece, pieceBytes(large, piece));
    const outcomes = await Promise.all(pieces.map((piece) => commit(store, piece)));
    expect(outcomes.every((outcome) => outcome.kind === 'stored')).toBe(true);
    expect(Buffer.compare(await store.wholeSha1(), sha1(large.bytes))).toBe(0);
    expect((await store.verifyAll()).isFull).toBe(true);
    await store.close();
    await worker.close();
    expect(readFileSync(join(folder, 'large.bin')).equals(large.bytes)).toBe(true);
  });

  it('is not waited for by the first pieces: they are done before it has started', async () => {
    const worker = new StorageWorker();
    const store = await openFilePieceStore(large.metainfo, { folder: temporaryFolder(), worker });
    await storeAll(store, large, [0]);
    expect(worker.isReady).toBe(false);
    await storeAll(store, large);
    await store.close();
    await worker.close();
  });

  it('tells a corrupt piece from a right one', async () => {
    const worker = await readyWorker();
    const store = await openFilePieceStore(large.metainfo, { folder: temporaryFolder(), worker });
    const [first = layout.pieceIndex(0), second = layout.pieceIndex(1)] = pieces;
    writePiece(store, first, pieceBytes(large, second));
    writePiece(store, second, pieceBytes(large, second));
    expect(await Promise.all([commit(store, first), commit(store, second)])).toEqual([
      { kind: 'corrupt' },
      { kind: 'stored' },
    ]);
    expect(Buffer.compare(await readPiece(store, second), pieceBytes(large, second))).toBe(0);
    await store.close();
    await worker.close();
  });

  it('serves several stores', async () => {
    const worker = await readyWorker();
    const samples = [1, 2, 3].map((seed) =>
      sampleContent({ length: INLINE_CONTENT_BYTES + 1, pieceLength: 65_536, seed }),
    );
    const stores = await Promise.all(
      samples.map(({ metainfo }) => openFilePieceStore(metainfo, { folder: temporaryFolder(), worker })),
    );
    await Promise.all(stores.map((store, index) => storeAll(store, samples[index] ?? large)));
    for (const [index, store] of stores.entries()) {
      const expected = sha1(samples[index]?.bytes ?? new Uint8Array(0));
      expect(Buffer.compare(await store.wholeSha1(), expected)).toBe(0);
      await store.close();
    }
    await worker.close();
  });

  it('writes pieces to their place at once when more are begun than memory is allowed for', async () => {
    const pieceLength = 4 * 1024 * 1024;
    const count = MAX_ARENA_BYTES / pieceLength + 3;
    const sample = sampleContent({ length: count * pieceLength, pieceLength, name: 'spilled.bin' });
    const worker = await readyWorker();
    const folder = temporaryFolder();
    const store = await openFilePieceStore(sample.metainfo, { folder, worker });
    const all = [...sample.metainfo.layout.pieces()];
    for (const piece of all) writePiece(store, piece, pieceBytes(sample, piece));
    const spilledButWrong = sample.metainfo.layout.pieceIndex(count - 1);
    store.writeBlock(spilledButWrong, 5, new Uint8Array([0, 0, 0, 0, 0, 0, 0, 0]));
    const outcomes = await Promise.all(all.map((piece) => commit(store, piece)));
    expect(outcomes.map((outcome) => outcome.kind)).toEqual(
      all.map((piece) => (piece === spilledButWrong ? 'corrupt' : 'stored')),
    );
    await storeAll(store, sample, [spilledButWrong]);
    await store.close();
    await worker.close();
    expect(readFileSync(join(folder, 'spilled.bin')).equals(sample.bytes)).toBe(true);
  });

  it('waits for pieces on their way when a store is closed', async () => {
    const folder = temporaryFolder();
    const store = await openFilePieceStore(large.metainfo, { folder, stateDir: join(folder, 'state') });
    const outcomes = pieces.map((piece) => {
      writePiece(store, piece, pieceBytes(large, piece));
      return commit(store, piece);
    });
    await store.close();
    expect((await Promise.all(outcomes)).every((outcome) => outcome.kind === 'stored')).toBe(true);
    const again = await openFilePieceStore(large.metainfo, { folder, stateDir: join(folder, 'state') });
    expect(again.resumed).toEqual({ kind: 'clean', havePieces: layout.pieceCount, checkedPieces: 0 });
    await again.close();
  });

  it('reports what the disk says, with the file', async () => {
    const worker = await readyWorker();
    const folder = temporaryFolder();
    const store = await openFilePieceStore(large.metainfo, { folder, worker });
    rmSync(join(folder, 'large.bin'));
    const first = layout.pieceIndex(0);
    writePiece(store, first, pieceBytes(large, first));
    expect(await commit(store, first)).toMatchObject({
      kind: 'failed',
      error: { code: 'not-found', path: join(folder, 'large.bin') },
    });
    await store.close().catch(() => undefined);
    await worker.close();
  });

  it('fails jobs that it cannot finish: aborted, or closed before', async () => {
    const worker = await readyWorker();
    const store = await openFilePieceStore(large.metainfo, { folder: temporaryFolder(), worker });
    await storeAll(store, large);
    const controller = new AbortController();
    const aborted = store.verifyAll({ signal: controller.signal });
    controller.abort();
    await expect(aborted).rejects.toMatchObject({ code: 'aborted' });
    expect(store.have().isFull).toBe(true);
    await store.close();
    await worker.close();
    await expect(worker.runJob({ root: '/', files: [], task: { kind: 'prepare', files: [] } })).rejects.toMatchObject({
      code: 'closed',
    });
  });

  it('keeps the process until it is closed, however late it fails to start', async () => {
    const program = `
      const { StorageWorker } = await import(process.argv[1]);
      for (const url of [process.argv[2], 'file:///nowhere.js']) {
        const worker = new StorageWorker({ scriptUrl: new URL(url) });
        worker.start();
        await worker.close();
      }
      console.log('closed');
    `;
    const source = join(import.meta.dirname, '..', 'src', 'storage-worker.ts');
    const module = pathToFileURL(await buildForNode(source, temporaryFolder())).href;
    const script = pathToFileURL(createRequire(import.meta.url).resolve('@p2p/storage/hash-worker')).href;
    const output = execFileSync(process.execPath, ['--input-type=module', '-e', program, module, script]);
    expect(String(output)).toBe('closed\n');
  });

  it('leaves pieces to the main thread, and says why of jobs, if its script is not there', async () => {
    const worker = new StorageWorker({ scriptUrl: pathToFileURL('/nowhere/hash-worker.js') });
    const store = await openFilePieceStore(large.metainfo, { folder: temporaryFolder(), worker });
    await storeAll(store, large);
    await expect(store.verifyAll()).rejects.toMatchObject({ code: 'io', message: /worker/u });
    await store.close();
    await worker.close();
  });
});
