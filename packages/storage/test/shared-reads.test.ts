import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { ContentIo } from '../src/content-io.js';
import { ContentMap } from '../src/content-map.js';
import { nodeFileSystem } from '../src/file-system.js';
import type { FileSystem } from '../src/file-system.js';
import { SharedReads, allocateSharedReads } from '../src/shared-reads.js';
import { temporaryFolder } from './temporary-folder.js';

const CHUNK_BYTES = 1024 * 1024;
const CHUNK_COUNT = 21;
const LENGTH = (CHUNK_COUNT - 1) * CHUNK_BYTES + 123;

describe('SharedReads', () => {
  it('gives one reader everything in order', () => {
    const { path, bytes } = makeFile();
    const reads = new SharedReads(ioOf(path), allocateSharedReads(LENGTH, 1), 0);
    const chunks: Buffer[] = [];
    for (const chunk of reads.chunks()) chunks.push(Buffer.from(chunk ?? []));
    expect(Buffer.concat(chunks).equals(bytes)).toBe(true);
  });

  it('reads every byte once for two readers, also when one is far ahead', () => {
    const { path, bytes } = makeFile();
    let readBytes = 0;
    const counting: FileSystem = {
      ...nodeFileSystem,
      readSync: (handle, target, position) => {
        const count = nodeFileSystem.readSync(handle, target, position);
        readBytes += count;
        return count;
      },
    };
    const memory = allocateSharedReads(LENGTH, 2);
    const walks = [0, 1].map((reader) => new SharedReads(ioOf(path, counting), memory, reader).chunks());
    const seen: Buffer[][] = [[], []];
    // The first goes on until it has to wait, then the second, in turns.
    for (let turn = 0, ended = 0; ended < 2; turn++) {
      const walk = walks[turn % 2];
      for (let step = walk?.next(); ; step = walk?.next()) {
        if (step?.done !== false) ended += 1;
        if (step?.value instanceof Uint8Array) seen[turn % 2]?.push(Buffer.from(step.value));
        else break;
      }
    }
    for (const chunks of seen) expect(Buffer.concat(chunks).equals(bytes)).toBe(true);
    expect(readBytes).toBe(LENGTH);
  });

  it('ends for both readers when one cannot read', () => {
    const { path } = makeFile();
    const memory = allocateSharedReads(LENGTH, 2);
    const [first, second] = [0, 1].map((reader) => new SharedReads(ioOf(path), memory, reader).chunks());
    expect(first?.next().done).toBe(false);
    truncateSync(path, CHUNK_BYTES + 5);
    expect(first?.next()).toMatchObject({ done: true, value: { fileIndex: 0 } });
    expect(second?.next()).toMatchObject({ done: true, value: { fileIndex: 0 } });
  });

  it('has nothing to give of empty content', () => {
    const memory = allocateSharedReads(0, 1);
    const io = new ContentIo(nodeFileSystem, new ContentMap([]), temporaryFolder());
    expect([...new SharedReads(io, memory, 0).chunks()]).toEqual([]);
  });
});

function makeFile(): { path: string; bytes: Buffer } {
  const bytes = Buffer.alloc(LENGTH);
  for (let offset = 0; offset + 4 <= LENGTH; offset += 4)
    bytes.writeUInt32LE(Math.imul(offset, 2_654_435_761) >>> 0, offset);
  const path = join(temporaryFolder(), 'file.bin');
  writeFileSync(path, bytes);
  return { path, bytes };
}

function ioOf(path: string, fileSystem = nodeFileSystem): ContentIo {
  const file = { path, length: LENGTH, offset: 0, isStored: true, isExecutable: false };
  return new ContentIo(fileSystem, new ContentMap([file]), join(path, '..'));
}
