/**
 * Goal: the launcher never makes a success of a program that has not come to its end.
 * Method: the built launcher beside a program of the test's own.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, writeFileSync } from 'node:fs';

import { expect, it } from 'vitest';

import { PROGRAM } from './peer-process.js';
import { useScratchFolder } from './use-scratch-folder.js';

const scratch = useScratchFolder();

it.each([
  { exitCode: 13, what: 'waits for nothing and has not come to its end', body: 'return new Promise(() => {});' },
  { exitCode: 1, what: 'throws', body: 'throw new Error("planted");' },
  { exitCode: 4, what: 'leaves with its own code', body: 'process.exit(4);' },
])('exits with $exitCode for a program that $what', ({ exitCode, body }) => {
  copyFileSync(PROGRAM, scratch.at('main.cjs'));
  writeFileSync(scratch.at('package.json'), '{"type":"module"}');
  writeFileSync(scratch.at('run-program.js'), `export async function runProgram() { ${body} }`);
  expect(spawnSync(process.execPath, [scratch.at('main.cjs')]).status).toBe(exitCode);
});
