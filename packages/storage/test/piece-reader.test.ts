/**
 * How reads are answered: from memory, by a blocking read while the disk is fast, on the thread pool while it is not. The
 * disk and the clock are played here, so that "slow" is a number and not a wait.
 */
import { describe, expect, it } from 'vitest';

import { PieceLayout } from '@p2p/wire';
import type { BlockRef } from '@p2p/wire';

import { ContentIo } from '../src/content-io.js';
import { ContentMap } from '../src/content-map.js';
import { nodeFileSystem } from '../src/file-system.js';
import type { FileSystem } from '../src/file-system.js';
import { READS_BEFORE_TRIAL, SLOW_READ_MS } from '../src/disk-trust.js';
import { POOLED_READS, PieceReader, READ_EXTENT_BYTES } from '../src/piece-reader.js';
import type { ReadOutcome } from '../src/piece-store.js';
import { pseudoRandomBytes } from './sample-content.js';

/** A disk that takes a given time for each read, and answers pooled ones when told. */
class PlayedDisk {
  readonly content: Uint8Array;
  readMs = 0.1;
  nowMs = 0;
  blockingReads = 0;
  failure: Error | undefined;
  readonly pooled: (() => void)[] = [];

  constructor(length: number) {
    this.content = pseudoRandomBytes(length, 3);
  }

  readonly fileSystem: FileSystem = {
    ...nodeFileSystem,
    factsSync: () => undefined,
    factsOfHandleSync: () => ({ kind: 'file', length: 0, allocatedBytes: 0, modifiedNs: 0n, fileId: 0n }),
    openSync: () => 1,
    closeSync: () => undefined,
    readSync: (_handle, target, position) => {
      this.blockingReads += 1;
      return this.#answer(target, position);
    },
    read: (_handle, target, position) =>
      new Promise((resolve, reject) => {
        this.pooled.push(() => {
          if (this.failure === undefined) resolve(this.#answer(target, position));
          else reject(this.failure);
        });
      }),
  };

  #answer(target: Uint8Array, position: number): number {
    this.nowMs += this.readMs;
    const bytes = this.content.subarray(position, position + target.length);
    target.set(bytes);
    return bytes.length;
  }
}

interface Bench {
  readonly disk: PlayedDisk;
  readonly reader: PieceReader;
  readonly layout: PieceLayout;
  readonly stored: Set<number>;
  readonly read: (piece: number, begin?: number, length?: number) => Promise<Uint8Array | string>;
}

function setUp(pieceLength = 65_536, pieceCount = 200): Bench {
  const layout = new PieceLayout(pieceLength, pieceLength * pieceCount);
  const disk = new PlayedDisk(layout.totalBytes);
  const file = { path: '/content', length: layout.totalBytes, offset: 0, isStored: true, isExecutable: false };
  const io = new ContentIo(disk.fileSystem, new ContentMap([file]), '/');
  const stored = new Set([...layout.pieces()].map(Number));
  const reader = new PieceReader({ layout, io, isStored: (piece) => stored.has(piece) }, () => disk.nowMs);
  const read = (piece: number, begin = 0, length = 16_384): Promise<Uint8Array | string> => {
    const block: BlockRef = { piece: layout.pieceIndex(piece), begin, length };
    return new Promise((resolve) => reader.read(block, (outcome) => resolve(summary(outcome))));
  };
  return { disk, reader, layout, stored, read };
}

function summary(outcome: ReadOutcome): Uint8Array | string {
  return outcome.kind === 'read' ? outcome.data.slice() : outcome.error.code;
}

/** Lets everything that is ready run. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

async function becomeSlow({ disk, read, reader }: Bench): Promise<void> {
  disk.readMs = SLOW_READ_MS + 1;
  await read(198);
  await read(199);
  expect(reader.isBlocking).toBe(false);
}

describe('PieceReader', () => {
  it('reads a whole piece at once, and the other blocks from memory', async () => {
    const bench = setUp();
    for (const begin of [0, 16_384, 32_768, 49_152]) {
      const expected = bench.disk.content.subarray(65_536 + begin, 65_536 + begin + 16_384);
      expect(Buffer.compare(Buffer.from(await bench.read(1, begin)), expected)).toBe(0);
    }
    expect(bench.disk.blockingReads).toBe(1);
  });

  it('reads longer pieces in parts', async () => {
    const bench = setUp(4 * READ_EXTENT_BYTES, 3);
    await bench.read(2, READ_EXTENT_BYTES - 16_384);
    await bench.read(2, 0);
    expect(bench.disk.blockingReads).toBe(1);
    await bench.read(2, READ_EXTENT_BYTES);
    expect(bench.disk.blockingReads).toBe(2);
  });

  it('reads a block across two parts that begins where a shorter one began', async () => {
    const bench = setUp(4 * READ_EXTENT_BYTES, 3);
    const begin = READ_EXTENT_BYTES - 8;
    await bench.read(0, begin, 16);
    expect(await bench.read(0, begin, 16_384)).toEqual(bench.disk.content.slice(begin, begin + 16_384));
  });

  it('reads a block across two parts rightly', async () => {
    const bench = setUp(4 * READ_EXTENT_BYTES, 3);
    const begin = READ_EXTENT_BYTES - 100;
    const at = 4 * READ_EXTENT_BYTES + begin;
    const data = await bench.read(1, begin, 16_384);
    expect(Buffer.compare(Buffer.from(data), bench.disk.content.subarray(at, at + 16_384))).toBe(0);
  });

  it('keeps only so much in memory', async () => {
    const bench = setUp();
    for (let piece = 0; piece < 100; piece++) await bench.read(piece);
    await bench.read(99);
    expect(bench.disk.blockingReads).toBe(100);
    await bench.read(0);
    expect(bench.disk.blockingReads).toBe(101);
  });

  it('does not block again after two reads that were slow', async () => {
    const bench = setUp();
    await becomeSlow(bench);
    const answers = [bench.read(1), bench.read(2), bench.read(1, 16_384)];
    await turn();
    expect(bench.disk.pooled).toHaveLength(POOLED_READS);
    expect(bench.disk.blockingReads).toBe(2);
    for (const answer of bench.disk.pooled) answer();
    expect((await Promise.all(answers)).every((data) => data.length === 16_384)).toBe(true);
  });

  it('answers in the order of the calls though the pool does not', async () => {
    const bench = setUp();
    await becomeSlow(bench);
    const order: number[] = [];
    const answers = [3, 4, 3, 5].map((piece) => bench.read(piece).then(() => order.push(piece)));
    await turn();
    bench.disk.pooled[1]?.();
    await turn();
    expect(order).toEqual([]);
    bench.disk.pooled[0]?.();
    await turn();
    bench.disk.pooled[2]?.();
    await Promise.all(answers);
    expect(order).toEqual([3, 4, 3, 5]);
  });

  it('tries to block again after a while', async () => {
    const bench = setUp();
    await becomeSlow(bench);
    bench.disk.readMs = 0.1;
    for (let piece = 1; piece <= READS_BEFORE_TRIAL; piece++) {
      const answer = bench.read(piece);
      await turn();
      bench.disk.pooled.pop()?.();
      await answer;
    }
    expect(bench.reader.isBlocking).toBe(true);
    await bench.read(150);
    expect(bench.disk.blockingReads).toBe(3);
  });

  it('fails a read with what the disk says, and tries again the next time', async () => {
    const bench = setUp();
    await becomeSlow(bench);
    bench.disk.failure = Object.assign(new Error('EIO'), { code: 'EIO', errno: -5 });
    const failed = bench.read(7);
    await turn();
    bench.disk.pooled.pop()?.();
    expect(await failed).toBe('io');
    bench.disk.failure = undefined;
    const answer = bench.read(7);
    await turn();
    bench.disk.pooled.pop()?.();
    expect(await answer).toHaveLength(16_384);
  });

  it('forgets a piece that is no longer right', async () => {
    const bench = setUp();
    await bench.read(3);
    bench.disk.content.fill(9, 3 * 65_536, 4 * 65_536);
    bench.reader.forget(3);
    const data = await bench.read(3);
    expect(data[0]).toBe(9);
  });

  it('says so when a piece is not stored, the moment the answer is due', async () => {
    const bench = setUp();
    const answer = bench.read(3);
    bench.stored.delete(3);
    expect(await answer).toBe('missing-piece');
  });

  it('fails what is asked when it is closed, and waits for the pool', async () => {
    const bench = setUp();
    await becomeSlow(bench);
    const asked = bench.read(9);
    await turn();
    let isClosed = false;
    const closed = bench.reader.close().then(() => (isClosed = true));
    expect(await asked).toBe('closed');
    expect(isClosed).toBe(false);
    bench.disk.pooled.pop()?.();
    await closed;
    expect(await bench.read(1)).toBe('closed');
  });

  it('lets the event loop turn between many answers', async () => {
    const bench = setUp();
    bench.disk.readMs = SLOW_READ_MS - 1;
    const turnOfAnswers: number[] = [];
    let turns = 0;
    for (let piece = 0; piece < 20; piece++) void bench.read(piece).then(() => turnOfAnswers.push(turns));
    for (; turnOfAnswers.length < 20; turns++) await turn();
    expect(turns).toBeGreaterThan(5);
  });
});
