import { decodeInfo, encodeInfo, sha1, type Metainfo } from '@p2p/wire';
import { describe, expect, it } from 'vitest';

import { MemoryStorage, VirtualClock, type MemoryStorageOptions } from '../../src/testing/index.js';

const PIECE_LENGTH = 32_768;
const CONTENT = Uint8Array.from({ length: 2 * PIECE_LENGTH + 100 }, (_, index) => (index * 31) & 0xff);

function metainfo(): Metainfo {
  const pieceHashes = new Uint8Array(60);
  for (let piece = 0; piece < 3; piece++) {
    pieceHashes.set(sha1(CONTENT.subarray(piece * PIECE_LENGTH, (piece + 1) * PIECE_LENGTH)), piece * 20);
  }
  return decodeInfo(encodeInfo({ name: 'f', pieceLength: PIECE_LENGTH, pieceHashes, length: CONTENT.length }));
}

function empty(options: MemoryStorageOptions = {}) {
  const clock = new VirtualClock();
  const info = metainfo();
  const storage = new MemoryStorage(info, clock, options);
  const pieces = [...info.layout.pieces()];
  const [first, , last] = pieces;
  if (first === undefined || last === undefined) throw new Error('expected three pieces');
  return { clock, storage, first, last, pieces };
}

describe('memory storage', () => {
  it('stores a piece whose blocks are right, wherever it lies', () => {
    const { clock, storage, last } = empty();
    const kinds: string[] = [];
    storage.writeBlock(last, 50, CONTENT.subarray(2 * PIECE_LENGTH + 50));
    storage.writeBlock(last, 0, CONTENT.subarray(2 * PIECE_LENGTH, 2 * PIECE_LENGTH + 50));
    storage.commitPiece(last, ({ kind }) => kinds.push(kind));
    expect(kinds).toEqual([]);
    clock.runFor(0);
    expect(kinds).toEqual(['stored']);
    expect(storage.have().toWire()).toEqual(Uint8Array.of(0b0010_0000));
    expect(storage.bytes.subarray(2 * PIECE_LENGTH)).toEqual(CONTENT.subarray(2 * PIECE_LENGTH));
    expect(storage.assemblyCount).toBe(0);
  });

  it('finds a piece corrupt when a byte is wrong, and forgets it', () => {
    const { clock, storage, first } = empty();
    const kinds: string[] = [];
    storage.writeBlock(first, 0, CONTENT.subarray(1, PIECE_LENGTH + 1));
    storage.commitPiece(first, ({ kind }) => kinds.push(kind));
    clock.runFor(0);
    expect(kinds).toEqual(['corrupt']);
    expect(storage.have().isEmpty).toBe(true);
  });

  it('begins anew after a piece was discarded', () => {
    const { clock, storage, first } = empty();
    const kinds: string[] = [];
    storage.writeBlock(first, 0, new Uint8Array(PIECE_LENGTH).fill(1));
    storage.discardPiece(first);
    expect(storage.assemblyCount).toBe(0);
    storage.writeBlock(first, 0, CONTENT.subarray(0, PIECE_LENGTH));
    storage.commitPiece(first, ({ kind }) => kinds.push(kind));
    clock.runFor(0);
    expect(kinds).toEqual(['stored']);
  });

  it('reads what it was given, in the order of the calls, after its delay', () => {
    const { clock, storage, first } = empty({ content: CONTENT, readDelayMs: 8 });
    const read: number[][] = [];
    for (const begin of [10, 0]) {
      storage.readBlock({ piece: first, begin, length: 3 }, (outcome) => {
        if (outcome.kind === 'read') read.push([...outcome.data]);
      });
    }
    clock.runUntil(7.9);
    expect(read).toEqual([]);
    clock.runUntil(8);
    expect(read).toEqual([[...CONTENT.subarray(10, 13)], [...CONTENT.subarray(0, 3)]]);
  });

  it('does not read what is not stored', () => {
    const { clock, storage, first } = empty();
    const outcomes: unknown[] = [];
    storage.readBlock({ piece: first, begin: 0, length: 3 }, (outcome) => outcomes.push(outcome));
    clock.runFor(0);
    expect(outcomes).toMatchObject([{ kind: 'failed', error: { code: 'not-found' } }]);
  });

  it('fails as it is told to', () => {
    const { clock, storage, first } = empty({ content: CONTENT.slice() });
    const outcomes: unknown[] = [];
    storage.faults.commitError = 'disk-full';
    storage.commitPiece(first, (outcome) => outcomes.push(outcome));
    storage.faults.readError = 'io';
    storage.readBlock({ piece: first, begin: 0, length: 3 }, (outcome) => outcomes.push(outcome));
    clock.runFor(0);
    expect(outcomes).toMatchObject([{ error: { code: 'disk-full' } }, { error: { code: 'io' } }]);
  });

  it('finds pieces corrupt as often as it is told to', () => {
    const { clock, storage, first } = empty();
    const kinds: string[] = [];
    storage.faults.corruptCommits.set(first, 1);
    for (let count = 0; count < 2; count++) {
      storage.writeBlock(first, 0, CONTENT.subarray(0, PIECE_LENGTH));
      storage.commitPiece(first, ({ kind }) => kinds.push(kind));
      clock.runFor(0);
    }
    expect(kinds).toEqual(['corrupt', 'stored']);
  });

  it('poisons what it sends, not what it has', () => {
    const { clock, storage, first } = empty({ content: CONTENT.slice() });
    const bytes: number[] = [];
    storage.faults.poisonsOneIn = 1;
    storage.readBlock({ piece: first, begin: 1, length: 2 }, (outcome) => {
      if (outcome.kind === 'read') bytes.push(...outcome.data);
    });
    clock.runFor(0);
    expect(bytes).toEqual([31 ^ 0xff, 62]);
    expect(storage.bytes).toEqual(CONTENT);
  });

  it('refuses content of another length than the torrent', () => {
    expect(() => empty({ content: new Uint8Array(5) })).toThrow(RangeError);
  });
});
