// Goal: what a stranger installs is enough to download from a foreign client (aria2), in at most 120 lines.
// Method: pack the package as it is published, install the tarball in an empty folder, compile the examples there, run them.
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { decodeInfo, encodeInfo, encodeMetainfo, formatMagnet } from '../src/index.js';
import { freePort } from './free-port.js';
import { Background, isInstalled, requireBuild, run } from './program.js';

const packageFolder = dirname(import.meta.dirname);
const examples = readdirSync(join(packageFolder, 'examples')).filter((file) => file.endsWith('.ts'));
const folder = mkdtempSync(join(tmpdir(), 'p2p-wire-example-'));

beforeAll(async () => {
  requireBuild();
  writeFileSync(join(folder, 'package.json'), '{ "type": "module", "private": true }\n');
  const pnpm = join(packageFolder, '..', '..', 'node_modules', '.bin', 'pnpm');
  const packed = await run(pnpm, ['pack', '--pack-destination', folder], packageFolder);
  expect(packed).toMatchObject({ code: 0 });
  const tarball = readdirSync(folder).find((file) => file.endsWith('.tgz')) ?? 'no tarball';
  const installed = await run('npm', ['install', '--offline', '--no-audit', '--no-fund', `./${tarball}`], folder);
  expect(installed).toMatchObject({ code: 0 });
  for (const file of examples) {
    const source = readFileSync(join(packageFolder, 'examples', file), 'utf8');
    const { outputText } = ts.transpileModule(source, {
      compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true },
    });
    writeFileSync(join(folder, file.replace('.ts', '.js')), outputText);
  }
}, 120_000);

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('the tarball, installed in an empty folder', () => {
  it('brings the vectors and the protocol, no sources and no other package', () => {
    const inside = join(folder, 'node_modules', '@p2p', 'wire');
    expect(readdirSync(inside).sort()).toEqual([
      'LICENSE',
      'PROTOCOL.md',
      'README.md',
      'dist',
      'package.json',
      'vectors',
    ]);
    expect(readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual(['@p2p']);
    expect(readdirSync(join(folder, 'node_modules', '@p2p'))).toEqual(['wire']);
  });

  it('runs the example of the README', async () => {
    const { code, output } = await run(process.execPath, ['two-ends-of-a-wire.js'], folder);
    expect({ code, output }).toEqual({
      code: 0,
      output: `talking about ${'ab'.repeat(20)}\n{ type: 'request', piece: 1, begin: 32768, length: 1696 }\n`,
    });
  });

  it('says in one line what is wrong when nobody answers', async () => {
    const magnet = formatMagnet({ infoHash: new Uint8Array(20), peers: [] });
    const { code, output } = await run(
      process.execPath,
      [DOWNLOADER, magnet, `127.0.0.1:${await freePort()}`, 'x'],
      folder,
    );
    expect(code).toBe(1);
    expect(output).toContain('ECONNREFUSED');
  });
});

it('downloads in at most 120 lines, with no other package', () => {
  const source = readFileSync(join(packageFolder, 'examples', 'fetch-from-any-client.ts'), 'utf8');
  expect(source.trimEnd().split('\n').length).toBeLessThanOrEqual(120);
  const imported = [...source.matchAll(/from '([^']+)'/g)].map(([, name = '']) => name);
  expect(imported.filter((name) => name !== '@p2p/wire' && !name.startsWith('node:'))).toEqual([]);
});

// Visible where it is skipped: aria2 is not installed (`apt-get install aria2`). With CI=true that is a failure instead.
describe.skipIf(!isInstalled('aria2c'))('aria2 as the seeder (skipped without aria2c)', () => {
  const content = Uint8Array.from({ length: 3_000_017 }, (_, index) => (index * index * 31 + index) >>> 3);
  const pieceLength = 65_536;
  const info = encodeInfo({
    name: 'content.bin',
    pieceLength,
    length: content.length,
    pieceHashes: hash(content, pieceLength),
  });
  let aria2: Background;
  let port: number;

  beforeAll(async () => {
    const seeds = join(folder, 'seeds');
    mkdirSync(seeds);
    writeFileSync(join(seeds, 'content.bin'), content);
    writeFileSync(join(folder, 'content.torrent'), encodeMetainfo(info));
    port = await freePort();
    aria2 = new Background(
      'aria2c',
      [...ARIA2_ARGS, `--listen-port=${port}`, `--dir=${seeds}`, 'content.torrent'],
      folder,
    );
    await aria2.printed('Verification finished successfully', `listening on TCP port ${port}`);
  }, 60_000);

  afterAll(() => aria2.stop());

  it('sends a file named by a torrent file', async () => {
    const { code, output } = await run(
      process.execPath,
      [DOWNLOADER, 'content.torrent', `127.0.0.1:${port}`, 'a.bin'],
      folder,
    );
    expect(code, output).toBe(0);
    expect(output).toMatch(/^connected to aria2 .*\ncomplete: 3000017 bytes/);
    expect(Buffer.compare(readFileSync(join(folder, 'a.bin')), content)).toBe(0);
  });

  it('sends metadata and file named by a magnet link', async () => {
    const magnet = formatMagnet({ infoHash: decodeInfo(info).infoHash, name: 'content.bin', peers: [] });
    const { code, output } = await run(process.execPath, [DOWNLOADER, magnet, `127.0.0.1:${port}`, 'b.bin'], folder);
    expect(code, output).toBe(0);
    expect(output).toContain('complete: 3000017 bytes');
    expect(Buffer.compare(readFileSync(join(folder, 'b.bin')), content)).toBe(0);
  });
});

function hash(bytes: Uint8Array, pieceLength: number): Uint8Array {
  const digests = [];
  for (let offset = 0; offset < bytes.length; offset += pieceLength) {
    digests.push(
      createHash('sha1')
        .update(bytes.subarray(offset, offset + pieceLength))
        .digest(),
    );
  }
  return Uint8Array.from(Buffer.concat(digests));
}

const DOWNLOADER = 'fetch-from-any-client.js';

/** Everything but plain TCP to peers is off; it seeds what it has until it is stopped. */
const ARIA2_ARGS = [
  '--no-conf=true',
  '--enable-dht=false',
  '--enable-dht6=false',
  '--disable-ipv6=true',
  '--bt-enable-lpd=false',
  '--bt-require-crypto=false',
  '--bt-min-crypto-level=plain',
  '--seed-ratio=0.0',
  '--file-allocation=none',
  '--check-integrity=true',
  '--no-proxy=*',
];
