/**
 * Builds `dist/hash-worker.js` before the tests run, unless it is newer than every source: so the tests, which run the
 * sources as they are, never start a stale worker. Written beside and renamed, for tests of other packages may be using
 * the old one at this moment.
 */
import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { build } from 'tsup';

const packageFolder = join(import.meta.dirname, '..');
const sourceFolder = join(packageFolder, 'src');
const script = join(packageFolder, 'dist', 'hash-worker.js');

/** Called by vitest (`globalSetup`). */
export async function setup(): Promise<void> {
  if (isUpToDate()) return;
  const outDir = join(packageFolder, 'dist', `worker-${process.pid}`);
  await build({
    config: false,
    entry: { 'hash-worker': join(sourceFolder, 'hash-worker.ts') },
    format: ['esm'],
    target: 'node20',
    outDir,
    splitting: false,
    removeNodeProtocol: false,
    silent: true,
  });
  renameSync(join(outDir, 'hash-worker.js'), script);
  rmSync(outDir, { recursive: true });
}

function isUpToDate(): boolean {
  if (!existsSync(script)) return false;
  const builtMs = statSync(script).mtimeMs;
  return readdirSync(sourceFolder).every((name) => statSync(join(sourceFolder, name)).mtimeMs <= builtMs);
}
