// A variable of a script that is not set becomes an empty word, and an empty path is the current folder to most functions:
// nothing may be shared, written or fetched because of it.
import { beforeEach, expect, it } from 'vitest';

import { createProgram } from '../src/index.js';
import { ProgramFixture } from './program-fixture.js';

let program: ProgramFixture;

beforeEach(() => {
  program = new ProgramFixture();
});

async function run(words: readonly string[]): Promise<number> {
  return createProgram(program.runtime, program.terminal, '1.2.3').run(words, new AbortController().signal);
}

const NO_PATH = 'expected a path, got none ("." is the current folder)';

it.each([
  [['--file', ''], "option '--file <path>' argument '' is invalid.", NO_PATH],
  [['--file', 'f', '--state-dir='], "option '--state-dir <folder>' argument '' is invalid.", NO_PATH],
  [['share', ''], "command-argument value '' is invalid for argument 'path'.", NO_PATH],
  [['share', 'a', ''], "command-argument value '' is invalid for argument 'path'.", NO_PATH],
  [['share', 'a', '--torrent-out', ''], "option '--torrent-out <file>' argument '' is invalid.", NO_PATH],
  [['get', ''], "command-argument value '' is invalid for argument 'source'.", NO_PATH],
  [['get', 't', '--out', ''], "option '--out <folder>' argument '' is invalid.", NO_PATH],
  [['create', '', '-o', 't'], "command-argument value '' is invalid for argument 'path'.", NO_PATH],
  [['create', 'a', '-o', ''], "option '-o, --out <file>' argument '' is invalid.", NO_PATH],
  [['create', 'a', '-o', 't', '--name', ''], "option '--name <name>' argument '' is invalid.", 'expected a name'],
  [['info', ''], "command-argument value '' is invalid for argument 'source'.", NO_PATH],
  [['verify', '', 'a'], "command-argument value '' is invalid for argument 'file'.", NO_PATH],
  [['verify', 't', ''], "command-argument value '' is invalid for argument 'path'.", NO_PATH],
])('refuses %j in one line that names the place', async (words, place, expected) => {
  expect(await run(words)).toBe(2);
  expect(program.terminal.stderr.lines).toHaveLength(1);
  expect(program.terminal.stderr.text).toContain(place);
  expect(program.terminal.stderr.text).toContain(expected);
  expect(program.runtime.calls).toEqual([]);
});

it('keeps every path of several, in their order', async () => {
  expect(await run(['share', 'a', ' ', 'c'])).toBe(0);
  expect(program.runtime.calls).toMatchObject([{ method: 'share', request: { paths: ['a', ' ', 'c'] } }]);
});
