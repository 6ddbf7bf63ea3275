import { beforeEach, describe, expect, it } from 'vitest';

import { FakeTerminal } from './fake-terminal.js';
import { HASH, ProgramFixture } from './program-fixture.js';

let program: ProgramFixture;

beforeEach(() => {
  program = new ProgramFixture();
});

describe('create and info', () => {
  const summary = {
    infoHash: HASH,
    magnet: `magnet:?xt=urn:btih:${HASH}`,
    name: 'photos',
    length: 300,
    metadata: { kind: 'metadata', name: 'photos', length: 300, pieceLength: 65_536, pieces: 1, infoHash: HASH },
    isPrivate: true,
    sha1: 'cd'.repeat(20),
    files: [
      { path: 'photos/a\u009bb', length: 100 },
      { path: 'photos/c', length: 200 },
    ],
    peers: [{ host: '::1', port: 5 }],
  } as const;

  it('passes the options of create on, and prints what was made', async () => {
    program.runtime.summary = summary;
    expect(await program.run('create photos -o p.torrent --piece-size 1MiB --name x --private --force')).toBe(0);
    expect(program.runtime.calls).toEqual([
      {
        method: 'create',
        request: {
          path: 'photos',
          out: 'p.torrent',
          pieceBytes: 1_048_576,
          name: 'x',
          isPrivate: true,
          overwrite: true,
        },
      },
    ]);
    expect(program.terminal.stdout.lines).toEqual([
      'Name       photos',
      'Size       300 B (300 bytes)',
      'Pieces     1 of 64 KiB',
      `Info-hash  ${HASH}`,
      `SHA-1      ${'cd'.repeat(20)}`,
      'Private    yes',
      'Peers      [::1]:5',
      `Magnet     magnet:?xt=urn:btih:${HASH}`,
      'Files      2',
      'Written to p.torrent',
    ]);
  });

  it('lists the files with info', async () => {
    program.runtime.summary = summary;
    expect(await program.run('info p.torrent')).toBe(0);
    expect(program.terminal.stdout.lines.slice(-3)).toEqual([
      'Files      2',
      '  100 B  photos/a?b',
      '  200 B  photos/c',
    ]);
  });

  it.each(['a/b', '/', '.', '..'])('refuses the name %s, which is no name of a file', async (name) => {
    expect(await program.run(`create photos -o p.torrent --name ${name}`)).toBe(2);
    expect(program.terminal.stderr.text).toContain(`expected the name of a file or folder, without "/", got "${name}"`);
    expect(program.runtime.calls).toEqual([]);
  });

  it('wants to know where create shall write', async () => {
    expect(await program.run('create photos')).toBe(2);
    expect(program.terminal.stderr.text).toContain('say where to write the .torrent file: -o FILE');
  });

  it('gives events with --json, null for what a magnet link does not say', async () => {
    program.runtime.summary = summary;
    expect(await program.run('info p.torrent --json')).toBe(0);
    const events = program.parsedLines();
    expect(events).toMatchObject([
      { event: 'metadata', pieces: 1 },
      { event: 'torrent', name: 'photos', private: true, peers: ['[::1]:5'] },
      { event: 'file', path: 'photos/a\u009bb', length: 100 },
      { event: 'file' },
    ]);

    program.terminal = new FakeTerminal();
    program.runtime.summary = { infoHash: HASH, magnet: 'm', files: [], peers: [] };
    expect(await program.run(`info magnet:?xt=urn:btih:${HASH} --json`)).toBe(0);
    expect(program.parsedLines()).toEqual([
      { event: 'torrent', infoHash: HASH, magnet: 'm', name: null, length: null, sha1: null, private: null, peers: [] },
    ]);
  });
});

const BAD_FILES = [
  { path: 'd/a', reason: 'damaged' },
  { path: 'd/b', reason: 'missing' },
];

describe('verify', () => {
  it('tells the SHA-1 when everything is right', async () => {
    const complete = { kind: 'complete', path: '/d', length: 9, sha1: HASH, seconds: 1, bytesPerSecond: 9 } as const;
    program.runtime.report = { pieceCount: 1, badPieces: [], badFiles: [], complete };
    expect(await program.run('verify t.torrent d')).toBe(0);
    expect(program.runtime.calls).toEqual([{ method: 'verify', request: { torrentPath: 't.torrent', path: 'd' } }]);
    expect(program.terminal.stdout.lines).toEqual(['d: all 1 piece right, 9 bytes', `SHA-1 ${HASH}`]);
  });

  it('exits 1 and names the bad pieces and the files they lie in', async () => {
    program.runtime.report = { pieceCount: 10, badPieces: [2, 3, 4, 8], badFiles: BAD_FILES };
    expect(await program.run('verify t.torrent d')).toBe(1);
    expect(program.terminal.stderr.lines).toEqual([
      'p2p-peer: d: 4 of 10 pieces missing or wrong: 2-4, 8',
      '  d/a: damaged',
      '  d/b: missing',
      'To mend it, fetch it again to the same place with p2p-peer get --force.',
    ]);
  });

  it('lets no name of a file write lines or control the terminal', async () => {
    const badFiles = [{ path: 'd/a\u001B[2J\nb', reason: 'missing' }];
    program.runtime.report = { pieceCount: 1, badPieces: [0], badFiles };
    await program.run('verify t.torrent d');
    expect(program.terminal.stderr.lines[1]).toMatch(/^ {2}d\/a.\[2J.b: missing$/u);
    expect(program.terminal.stderr.text).not.toContain('\u001B');
  });

  it('exits 1 when only the SHA-1 of a file is wrong', async () => {
    program.runtime.report = { pieceCount: 10, badPieces: [], badFiles: [{ path: 'd', reason: 'wrong-sha1' }] };
    expect(await program.run('verify t.torrent d')).toBe(1);
    expect(program.terminal.stderr.lines.slice(0, 2)).toEqual([
      'p2p-peer: d: every piece is right, but not every file',
      '  d: wrong-sha1',
    ]);
  });

  it('names at most twenty files', async () => {
    const badFiles = Array.from({ length: 25 }, (_, index) => ({ path: `f${index}`, reason: 'missing' }));
    program.runtime.report = { pieceCount: 30, badPieces: [1], badFiles };
    await program.run('verify t.torrent d');
    expect(program.terminal.stderr.text).toContain('f19: missing\n  and 5 more files\n');
  });

  it('says it with an event too under --json', async () => {
    program.runtime.report = { pieceCount: 10, badPieces: [2], badFiles: [] };
    expect(await program.run('verify t.torrent d --json')).toBe(1);
    expect(JSON.parse(program.terminal.stdout.text)).toMatchObject({ event: 'error', code: 'bad-pieces' });
  });
});
