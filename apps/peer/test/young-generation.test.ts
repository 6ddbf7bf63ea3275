/**
 * Goal: V8's space for new objects stays some MiB, also after a thread was started.
 * Method: a process of its own makes many objects that outlive a collection, before and after; its space is compared.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

import ts from 'typescript';
import { expect, it } from 'vitest';

import { useScratchFolder } from './use-scratch-folder.js';

const scratch = useScratchFolder();
/** Twice what is enough, and a quarter of where V8 stops by itself. */
const SMALL_BYTES = 8 * 2 ** 20;

const BUSY = `
import { getHeapSpaceStatistics } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { once } from 'node:events';
import { limitYoungGeneration } from './young-generation.mjs';

const young = () => getHeapSpaceStatistics().find((space) => space.space_name === 'new_space').space_size;
let kept = [];
function outlive(until) {
  for (let made = 0; made < 1e7 && !until(); made += 1000) {
    for (let index = 0; index < 1000; index++) kept.push({ index });
    if (kept.length > 50_000) kept = [];
  }
}

if (process.argv[2] === 'limited') limitYoungGeneration();
outlive(() => young() >= 4 * 2 ** 20);
await sleep(2100); // more than one look
outlive(() => false);
const before = young();
const worker = new Worker('', { eval: true });
await once(worker, 'online');
await turn();
outlive(() => false);
console.log(before, young());
`;

/** Bytes of the space before and after a thread was started. */
function busy(mode: string): readonly number[] {
  const source = readFileSync(new URL('../src/young-generation.ts', import.meta.url), 'utf8');
  const { outputText } = ts.transpileModule(source, { compilerOptions: { module: ts.ModuleKind.ESNext } });
  writeFileSync(scratch.at('young-generation.mjs'), outputText);
  writeFileSync(scratch.at('busy.mjs'), BUSY);
  const { stdout } = spawnSync(process.execPath, [scratch.at('busy.mjs'), mode], { encoding: 'utf8' });
  return stdout.trim().split(' ').map(Number);
}

it('stays as it was when it had enough', () => {
  const [before, after] = busy('limited');
  expect(before).toBeLessThanOrEqual(SMALL_BYTES);
  expect(after).toBeLessThanOrEqual(SMALL_BYTES);
});

it('would grow otherwise', () => {
  expect(Math.max(...busy('free'))).toBeGreaterThan(SMALL_BYTES);
});
