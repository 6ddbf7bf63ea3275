import { closeSync, existsSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** A folder whose files live in memory, so that no disk is measured; gone when this process ends, unless by SIGKILL. */
export function makeMemoryFolder(): string {
  if (!existsSync(MEMORY_FILE_SYSTEM)) throw new Error(`${MEMORY_FILE_SYSTEM} is missing: measurements need Linux`);
  const folder = mkdtempSync(join(MEMORY_FILE_SYSTEM, `p2p-bench-${process.pid}-`));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** @throws {Error} when fewer than `byteCount` bytes are free */
export function requireMemory(byteCount: number): void {
  const { bavail, bsize } = statfsSync(MEMORY_FILE_SYSTEM);
  if (bavail * bsize < byteCount) {
    const [free, needed] = [bavail * bsize, byteCount].map((bytes) => `${Math.round(bytes / 2 ** 20)} MiB`);
    throw new Error(
      `${MEMORY_FILE_SYSTEM} has ${String(free)} free, ${String(needed)} are needed; choose a smaller --size`,
    );
  }
}

/**
 * Touches and frees as much memory as a run will need. The first touch of memory that a virtual machine had given back to
 * its host costs more than the copy that is to be measured.
 */
export function warmMemory(folder: string, byteCount: number): void {
  const path = join(folder, 'warm');
  const chunk = new Uint8Array(1 << 20);
  const file = openSync(path, 'w');
  for (let written = 0; written < byteCount; written += chunk.length) writeSync(file, chunk);
  closeSync(file);
  rmSync(path);
}

const MEMORY_FILE_SYSTEM = '/dev/shm';
