import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { ProgramFixture } from './program-fixture.js';

/** `:0` lets the shell look for files where no word fits, `:4` forbids it. */
type Directive = ':0' | ':4';

async function printed(commandLine: string): Promise<string> {
  const program = new ProgramFixture();
  expect(await program.run(commandLine)).toBe(0);
  return program.terminal.stdout.text;
}

async function answer(words: string): Promise<{ words: string[]; directive: string | undefined }> {
  const lines = (await printed(`complete -- ${words}`)).split('\n').slice(0, -1);
  return { words: lines.slice(0, -1).map((line) => line.split('\t')[0] ?? ''), directive: lines.at(-1) };
}

describe('complete, which the scripts ask', () => {
  it.each<[string, string[], Directive]>([
    ['sh', ['share'], ':4'],
    ['he', ['help'], ':4'],
    ['get --seed', ['--seed-ratio', '--seed-time'], ':4'],
    ['share --log-level d', ['debug'], ':4'],
    ['completion ', ['bash', 'zsh', 'fish'], ':4'],
  ])('answers "%s" with what is accepted there', async (asked, words, directive) => {
    expect(await answer(asked)).toEqual({ words, directive });
  });

  it.each([
    ['share di'],
    ['share '],
    ['share a --unlisted di'],
    ['verify c'],
    ['verify c.torrent di'],
    ['get di'],
    ['info di'],
    ['create di'],
    ['--file di'],
    ['--file=di'],
    ['--port 7001 --file di'],
    ['get x --out m'],
    ['create x -o m'],
    ['share x --torrent-out m'],
    ['share x --state-dir m'],
  ])('lets the shell look for files at "%s"', async (asked) => {
    expect(await answer(asked)).toEqual({ words: [], directive: ':0' });
  });

  it.each([['list 127'], ['share --port 7'], ['create x --name n'], ['verify c.torrent di more'], ['get x --peer h']])(
    'forbids files at "%s", which is no path',
    async (asked) => {
      expect(await answer(asked)).toEqual({ words: [], directive: ':4' });
    },
  );
});

describe('completion', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'p2p-completion-'));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it.each(['bash', 'zsh', 'fish'])('prints a script for %s that asks the program', async (shell) => {
    const script = await printed(`completion ${shell}`);
    expect(script).toContain('p2p-peer complete --');
    expect(script).not.toContain('readonly');
    expect(script.endsWith('\n')).toBe(true);
  });

  it('is for one shell at a time', async () => {
    const program = new ProgramFixture();
    expect(await program.run('completion bash zsh')).toBe(2);
    expect(program.terminal.stdout.text).toBe('');
  });

  it.skipIf(!isThere('bash'))(
    'gives bash a script that may be loaded twice, and completes files by default',
    async () => {
      writeFileSync(join(folder, 'script'), await printed('completion bash'));
      expect(run('bash', folder, '. ./script; . ./script; complete -p p2p-peer')).toEqual({
        stdout: 'complete -o default -F __p2p_peer_complete p2p-peer\n',
        stderr: '',
      });
    },
  );

  it.skipIf(!isThere('bash')).each<[string, string, Directive, string]>([
    ['takes the words', 'share\tfor all\nshow\t', ':4', 'share show | +o default\n'],
    ['leaves files to bash', '', ':0', ' | \n'],
    ['keeps bash from files', '', ':4', ' | +o default\n'],
  ])('%s when bash asks by its script and the answer allows it', async (_does, words, directive, expected) => {
    writeFileSync(join(folder, 'script'), await printed('completion bash'));
    writeFileSync(join(folder, 'answer'), `${words === '' ? '' : `${words}\n`}${directive}\n`);
    // Of bash-completion, and of bash while a person presses the key: only what the script asks of them.
    const stubs =
      '_get_comp_words_by_ref() { cur=sh prev=p2p-peer words=(p2p-peer sh) cword=1; }; ' +
      'compopt() { options="$*"; }; p2p-peer() { cat ./answer; }';
    const ask = '__p2p_peer_complete; echo "${COMPREPLY[*]} | $options"';
    expect(run('bash', folder, `${stubs}; . ./script; ${ask}`)).toEqual({ stdout: expected, stderr: '' });
  });

  it.skipIf(!isThere('bash'))(
    'gives bash a script that asks with the words before the cursor, and runs none',
    async () => {
      writeFileSync(join(folder, 'script'), await printed('completion bash'));
      const stubs =
        "_get_comp_words_by_ref() { words=(p2p-peer get '$(touch ran)' \"it's\" --ou later); cur=--ou cword=4; }; " +
        'compopt() { :; }; p2p-peer() { printf "<%s>" "$@" > asked; echo :4; }';
      expect(run('bash', folder, `${stubs}; . ./script; __p2p_peer_complete; ls; cat asked`)).toEqual({
        stdout: "asked\nscript\n<complete><--><get><$(touch ran)><it's><--ou>",
        stderr: '',
      });
    },
  );

  it.skipIf(!isThere('fish')).each<[Directive, string]>([
    [':0', 'dir/\n'],
    [':4', ''],
  ])('gives fish a script that after %s completes "%s" (skipped without fish)', async (directive, expected) => {
    mkdirSync(join(folder, 'dir'));
    writeFileSync(join(folder, 'script'), await printed('completion fish'));
    writeFileSync(join(folder, 'answer'), `${directive}\n`);
    const commands = 'function p2p-peer; cat ./answer; end; source ./script; complete -C "p2p-peer share di"';
    expect(run('fish', folder, commands)).toEqual({ stdout: expected, stderr: '' });
  });
});

function run(shell: string, folder: string, commands: string): { stdout: string; stderr: string } {
  const { stdout, stderr } = spawnSync(shell, ['-c', commands], { cwd: folder, encoding: 'utf8' });
  return { stdout, stderr };
}

/** In CI a shell that is missing is a failure, not a skip. */
function isThere(shell: string): boolean {
  return process.env['CI'] !== undefined || spawnSync(shell, ['--version']).status === 0;
}
