import { describe, expect, it } from 'vitest';

import { nodeFileSystem } from '../src/file-system.js';
import { HandlePool, MAX_OPEN_FILES } from '../src/handle-pool.js';

/** A pool of handles that are the numbers of their files. */
function trackedPool(): { pool: HandlePool; opened: number[]; closed: number[] } {
  const opened: number[] = [];
  const closed: number[] = [];
  const fileSystem = { ...nodeFileSystem, closeSync: (handle: number) => void closed.push(handle) };
  const pool = new HandlePool(fileSystem, (fileIndex) => {
    opened.push(fileIndex);
    return fileIndex;
  });
  return { pool, opened, closed };
}

describe('HandlePool', () => {
  it('opens a file once while it is in use', () => {
    const { pool, opened } = trackedPool();
    for (const fileIndex of [1, 1, 2, 1, 2]) expect(pool.handle(fileIndex)).toBe(fileIndex);
    expect(opened).toEqual([1, 2]);
  });

  it('closes the file used longest ago when too many are open', () => {
    const { pool, closed } = trackedPool();
    for (let fileIndex = 0; fileIndex < MAX_OPEN_FILES; fileIndex++) pool.handle(fileIndex);
    pool.handle(0);
    pool.handle(1_000);
    pool.handle(1_001);
    expect(closed).toEqual([1, 2]);
  });

  it('does not close a pinned file, and exceeds the bound if all are', () => {
    const { pool, closed } = trackedPool();
    for (let fileIndex = 0; fileIndex < MAX_OPEN_FILES; fileIndex++) pool.pin(fileIndex);
    pool.handle(1_000);
    expect(closed).toEqual([]);
    pool.unpin(3);
    pool.handle(1_001);
    expect(closed).toEqual([3]);
  });

  it('opens again what was closed, also the one used last', () => {
    const { pool, opened, closed } = trackedPool();
    pool.handle(5);
    pool.close();
    expect(closed).toEqual([5]);
    pool.handle(5);
    expect(opened).toEqual([5, 5]);
  });
});
