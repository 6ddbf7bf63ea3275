/**
 * Goal: a store that is killed at any moment claims no piece that is wrong, keeps all that its journal says, and does not
 * have to fetch again what it had called stored. Method: a child process downloads; it is killed with SIGKILL after a
 * number of pieces that a seed decides, and the content is opened and verified here; again until it is complete. (That a
 * power cut, too, only makes it forget rests on the order of writes, which `failing-disk.test.ts` goes through.)
 */
import { spawn } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { expect, it } from 'vitest';

import { decodeJournal } from '../src/journal-format.js';
import { openFilePieceStore } from '../src/open-file-piece-store.js';
import { buildForNode } from './build-for-node.js';
import { crashSample } from './crash-sample.js';
import { temporaryFolder } from './temporary-folder.js';

const sample = crashSample();
const { layout, infoHash, files } = sample.metainfo;
const workerScript = createRequire(import.meta.url).resolve('@p2p/storage/hash-worker');

it('is killed again and again, and goes on where it was', async () => {
  const folder = temporaryFolder();
  const place = { folder: join(folder, 'content'), stateDir: join(folder, 'state') };
  const child = await buildForNode(join(import.meta.dirname, 'crash-child.ts'), folder);
  let isComplete = false;
  let kills = 0;
  for (let seed = 1; !isComplete; seed++) {
    const killAfterPieces = (seed * 2_654_435_761) % 97;
    const reported = await runAndKill(
      [child, place.folder, place.stateDir, workerScript, String(seed)],
      killAfterPieces,
    );
    isComplete = reported.isComplete;
    if (!isComplete) kills += 1;
    const journalled = journalledPieces(place.stateDir);

    const store = await openFilePieceStore(sample.metainfo, place);
    const context = `seed ${seed}, killed after ${killAfterPieces}`;
    const claimed = store.have();
    for (const piece of journalled) expect(claimed.has(piece), `${context}: journalled ${piece}`).toBe(true);
    for (const piece of reported.pieces) expect(claimed.has(piece), `${context}: stored ${piece}`).toBe(true);
    const right = await store.verifyAll();
    for (const piece of claimed.indices()) expect(right.has(piece), `${context}: claimed ${piece}`).toBe(true);
    // Not closed in order either: the next start has a journal that ends anywhere.
    if (seed % 2 === 0) await store.flush();
    else await store.close();
  }
  expect(kills).toBeGreaterThan(2);
  const bytes = files.map((file) => readFileSync(join(place.folder, ...file.path)));
  expect(Buffer.concat(bytes).equals(sample.bytes)).toBe(true);
}, 120_000);

interface Reported {
  readonly pieces: number[];
  readonly isComplete: boolean;
}

/** Runs the child until it has reported so many pieces, then kills it, at whatever it is doing. */
async function runAndKill(parameters: readonly string[], killAfterPieces: number): Promise<Reported> {
  const child = spawn(process.execPath, parameters, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const pieces: number[] = [];
  let isComplete = false;
  for await (const line of createInterface({ input: child.stdout })) {
    if (line === 'complete') isComplete = true;
    else if (line !== 'open') pieces.push(Number(line));
    if (!isComplete && pieces.length >= killAfterPieces) child.kill('SIGKILL');
  }
  const exitCode = await ended;
  if (exitCode !== null && exitCode !== 0) throw new Error(`the child failed with ${exitCode}`);
  return { pieces, isComplete };
}

function journalledPieces(stateDir: string): number[] {
  const { pieceLength, pieceCount } = layout;
  const name = readdirSync(stateDir).find((entry) => entry.endsWith('.journal'));
  if (name === undefined) return [];
  const identity = { infoHash, pieceLength, pieceCount, fileCount: files.length };
  const content = decodeJournal(readFileSync(join(stateDir, name)), identity);
  return [...(content?.have.indices() ?? [])];
}
