/** The tables of the README against the code. That its example is the file in `examples/` is checked in `tooling/`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { ARENA_BYTES, MAX_ARENA_BYTES } from '../src/piece-assembly.js';
import { READ_CACHE_BYTES } from '../src/piece-reader.js';
import { DEFAULT_FILE_STORE_OPTIONS, resolveFileStoreOptions } from '../src/storage-options.js';

const readme = readFileSync(join(import.meta.dirname, '..', 'README.md'), 'utf8');

it('lists every option with its default', () => {
  const rows = tableAfter('## Options of `openFilePieceStore`');
  const { place: _, ...others } = resolveFileStoreOptions({ folder: 'x' });
  expect(rows.map(([name]) => name)).toEqual(['folder', 'path', ...Object.keys(others)]);
  for (const [name, value] of Object.entries(DEFAULT_FILE_STORE_OPTIONS)) {
    expect(rows.find(([option]) => option === name)?.[1]).toBe(String(value));
  }
});

it('lists every error code', () => {
  const source = readFileSync(join(import.meta.dirname, '..', 'src', 'storage-error.ts'), 'utf8');
  const codes = [...source.matchAll(/^ {2}\| '([a-z-]+)'/gmu)].map(([, code]) => code);
  expect(codes.length).toBeGreaterThan(5);
  expect(tableAfter('## Errors').map(([code]) => code)).toEqual(codes);
});

it('gives the sizes that the code has', () => {
  const mebibytes = [ARENA_BYTES, MAX_ARENA_BYTES, READ_CACHE_BYTES].map((bytes) => bytes / 1024 / 1024);
  expect(mebibytes).toEqual([16, 32, 4]);
  const values = tableAfter('## Limits').map((row) => row[1]);
  expect(values.slice(0, 2)).toEqual(['16 MiB, 32 MiB for long pieces', '4 MiB']);
});

/** The cells of the first table below a heading, without code marks. */
function tableAfter(heading: string): string[][] {
  const lines = readme.slice(readme.indexOf(heading)).split('\n');
  const first = lines.findIndex((line) => line.startsWith('| ---'));
  const rest = lines.slice(first + 1);
  const rows = rest.slice(
    0,
    rest.findIndex((line) => !line.startsWith('|')),
  );
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '')),
  );
}
