// Compares what `--help` prints with texts in test/expected, one file a command. After an intended change, delete the
// files and run with UPDATE_HELP=1.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { createProgram } from '../src/index.js';
import { FakeRuntime } from './fake-runtime.js';
import { FakeTerminal } from './fake-terminal.js';
import { ProgramFixture } from './program-fixture.js';

const COMMANDS = ['', 'share', 'get', 'list', 'create', 'info', 'verify', 'completion'];

async function helpOf(command: string): Promise<string> {
  const terminal = new FakeTerminal({ columns: 100 });
  const argv = command === '' ? ['--help'] : [command, '--help'];
  const exitCode = await createProgram(new FakeRuntime(), terminal, '1.2.3').run(argv, new AbortController().signal);
  expect(exitCode).toBe(0);
  return terminal.stdout.text;
}

describe('--help', () => {
  it.each(COMMANDS)('of "p2p-peer %s" is the expected text', async (command) => {
    const path = new URL(`expected/help-${command === '' ? 'program' : command}.txt`, import.meta.url);
    const text = await helpOf(command);
    if (process.env['UPDATE_HELP'] === '1' && !existsSync(path)) writeFileSync(path, text);
    expect(text).toBe(readFileSync(path, 'utf8'));
  });

  it.each(COMMANDS)('of "p2p-peer %s" shows an example that begins with a prompt', async (command) => {
    expect(await helpOf(command)).toMatch(new RegExp(`Examples?:\n {2}\\$ p2p-peer ${command}`));
  });
});

describe('help', () => {
  it.each(COMMANDS)('with "%s" prints what --help does', async (command) => {
    const program = new ProgramFixture();
    expect(await program.run(`help ${command}`.trim())).toBe(0);
    expect(program.terminal.stdout.text).toBe(await helpOf(command));
  });

  it('names the commands where there is no such one', async () => {
    const program = new ProgramFixture();
    expect(await program.run('help shear')).toBe(2);
    expect(program.terminal.stderr.text).toContain('there is no command "shear"; the commands are share, get,');
  });
});
