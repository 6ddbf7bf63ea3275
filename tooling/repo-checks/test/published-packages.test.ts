// Goal: what a stranger installs works: entry points, types under both kinds of module resolution, nothing private inside.
// Method: pack every library as `pnpm publish` would, unpack the files side by side in an empty folder, and use them there.
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type Consumer, createConsumer } from '../src/packed.js';
import { apps, libraries, type WorkspacePackage } from '../src/workspace.js';

const bins = join(import.meta.dirname, '..', 'node_modules', '.bin');
const published = [...libraries, ...apps];

let consumer: Consumer;
beforeAll(() => {
  consumer = createConsumer(published);
}, 120_000);
afterAll(() => {
  consumer.remove();
});

describe.each(published)('$manifest.name, packed', (found) => {
  it('passes publint', async () => {
    const unpacked = join(consumer.directory, 'node_modules', found.manifest.name);
    const result = await publint({ pkgDir: unpacked, strict: true, pack: false });
    expect(result.messages.map((message) => formatMessage(message, result.pkg, { color: false }))).toEqual([]);
  });

  it('carries neither sources nor tests, nor the private condition that leads to them', () => {
    const files = execFileSync('tar', ['-tzf', tarballOf(found)], { encoding: 'utf8' })
      .trim()
      .split('\n');
    expect(files.filter((file) => /^package\/(src|test|bench)\//.test(file))).toEqual([]);
    const manifest = readFileSync(
      join(consumer.directory, 'node_modules', found.manifest.name, 'package.json'),
      'utf8',
    );
    expect(manifest).not.toContain('@p2p/source');
    expect(manifest).not.toContain('workspace:');
  });
});

describe.each(libraries)('$manifest.name, installed', (found) => {
  it('has types that arethetypeswrong finds right for ES modules', () => {
    const options = ['--profile', 'esm-only', '--no-definitely-typed', '--no-emoji', '--no-color', '--format', 'ascii'];
    expect(run(join(bins, 'attw'), [tarballOf(found), ...options])).toMatchObject({ exitCode: 0 });
  });

  it.each(entriesOf(found))('is loaded by plain Node as %s', (entry) => {
    expect(run(process.execPath, ['--input-type=module', '--eval', `await import('${entry}')`])).toEqual(clean);
  });
});

it.each(apps.flatMap(programsOf))('$name, installed, starts as $program', ({ name, program }) => {
  const outcome = run(process.execPath, [join('node_modules', name, program), '--help']);
  expect(outcome).toMatchObject({ exitCode: 0 });
  expect(outcome.output).toMatch(/^Usage: /);
});

describe.each([
  { resolution: 'node16', module: 'node16' },
  { resolution: 'bundler', module: 'esnext' },
])('types as a consumer with $resolution resolution sees them', ({ resolution, module }) => {
  it('are complete and strict', () => {
    const entries = libraries.flatMap(entriesOf);
    expect(typeCheck({ entries, resolution, module, types: ['node'] })).toEqual(clean);
  });

  it('need no Node types for @p2p/wire', () => {
    expect(typeCheck({ entries: ['@p2p/wire'], resolution, module, types: [] })).toEqual(clean);
  });
});

interface Outcome {
  readonly exitCode: number | null;
  readonly output: string;
}

const clean: Outcome = { exitCode: 0, output: '' };

interface TypeCheck {
  readonly entries: readonly string[];
  readonly resolution: string;
  readonly module: string;
  readonly types: readonly string[];
}

/** What tsc has to say of a file that imports all of the entries, with the declarations themselves checked as well. */
function typeCheck({ entries, resolution, module, types }: TypeCheck): Outcome {
  const imports = entries.map((entry, index) => `import * as entry${index} from '${entry}';\nvoid entry${index};\n`);
  writeFileSync(join(consumer.directory, 'consumer.ts'), imports.join(''));
  const compilerOptions = {
    ...{ target: 'es2023', lib: ['es2023'], module, moduleResolution: resolution, types },
    ...{ strict: true, skipLibCheck: false, noEmit: true },
  };
  writeFileSync(join(consumer.directory, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['consumer.ts'] }));
  return run(join(bins, 'tsc'), ['-p', 'tsconfig.json']);
}

function run(command: string, args: readonly string[]): Outcome {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: consumer.directory, encoding: 'utf8' });
  return { exitCode: status, output: stdout + stderr };
}

function entriesOf(found: WorkspacePackage): string[] {
  return Object.keys(found.manifest.exports ?? {}).map((entry) => found.manifest.name + entry.slice(1));
}

function programsOf({ manifest: { name, bin } }: WorkspacePackage): { name: string; program: string }[] {
  return Object.values(bin ?? {}).map((program) => ({ name, program }));
}

function tarballOf(found: WorkspacePackage): string {
  const tarball = consumer.tarballs.get(found.manifest.name);
  if (tarball === undefined) throw new Error(`${found.manifest.name} was not packed`);
  return tarball;
}
