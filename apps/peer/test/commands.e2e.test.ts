// Every command as a process: what it prints, what it leaves, how it ends.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { type EventLine, PeerProcess, runPeer } from './peer-process.js';
import { sha1Hex } from './scratch-folder.js';
import { useScratchFolder } from './use-scratch-folder.js';

const scratch = useScratchFolder();

/** Starts a process that shares something, up to the moment it does. */
async function share(...args: readonly string[]): Promise<{ peer: PeerProcess; sharing: EventLine; address: string }> {
  const peer = new PeerProcess(['share', ...args, ...scratch.local('state-share'), '--json']);
  const sharing = await peer.event('sharing');
  return { peer, sharing, address: await peer.address() };
}

function eventsIn(stdout: string): unknown[] {
  const lines = stdout.split('\n').filter((line) => line !== '');
  return lines.map((line): unknown => JSON.parse(line));
}

function isOfPeer(event: unknown): boolean {
  return typeof event === 'object' && event !== null && 'event' in event && event.event === 'peer';
}

describe('get', () => {
  it('fetches what the only share of an address is, and leaves when told to', async () => {
    const content = scratch.file('film', 1_000_000);
    const { address } = await share(scratch.at('film'));
    const { exitCode, stdout } = await runPeer([
      'get',
      address,
      '--out',
      scratch.at('out'),
      '--exit',
      ...scratch.local(),
      '--json',
    ]);
    expect(exitCode).toBe(0);
    expect(scratch.read('out', 'film').equals(content)).toBe(true);
    expect(stdout).not.toContain('"event":"seeding"');
    // Between them the other node may be heard to go, or not.
    const [complete, verified, status] = eventsIn(stdout)
      .filter((event) => !isOfPeer(event))
      .slice(-3);
    const sha1 = sha1Hex(content);
    expect(complete).toMatchObject({ event: 'complete', length: 1_000_000, sha1 });
    expect(verified).toEqual({ event: 'verified', path: scratch.at('out', 'film'), length: 1_000_000, sha1 });
    expect(status).toEqual({ event: 'status', uploaded: 0, downloaded: 1_000_000, wasted: 0, corrupt: 0 });
  });

  it('fetches by the magnet link that share printed, and by the .torrent file it wrote', async () => {
    const content = scratch.file('film', 300_000);
    const { sharing, address } = await share(scratch.at('film'), '--torrent-out', scratch.at('t.torrent'));
    const byMagnet = await runPeer([
      'get',
      String(sharing['magnet']),
      '--out',
      scratch.at('m'),
      '--exit',
      ...scratch.local(),
    ]);
    expect(byMagnet).toMatchObject({ exitCode: 0, stderr: '' });
    expect(scratch.read('m', 'film').equals(content)).toBe(true);
    expect(byMagnet.stdout).toContain('Complete and verified');
    expect(byMagnet.stdout).toContain(sha1Hex(content));

    const torrent = [
      'get',
      scratch.at('t.torrent'),
      '--peer',
      address,
      '--out',
      scratch.at('t'),
      '--exit',
      ...scratch.local(),
    ];
    expect((await runPeer([...torrent, '--quiet'])).stdout).toBe(`${scratch.at('t', 'film')}\n`);
    expect(scratch.read('t', 'film').equals(content)).toBe(true);
  });

  it('tells of a torrent that lies about the SHA-1 of the whole, and keeps the file', async () => {
    const content = scratch.file('film', 100_000);
    await runPeer(['create', scratch.at('film'), '-o', scratch.at('t.torrent')]);
    const torrent = readFileSync(scratch.at('t.torrent'));
    const at = torrent.indexOf(Buffer.from(sha1Hex(content), 'hex'));
    torrent[at] = (torrent[at] ?? 0) ^ 1;
    writeFileSync(scratch.at('t.torrent'), torrent);
    const get = ['get', scratch.at('t.torrent'), '--out', scratch.at('.'), ...scratch.local(), '--json'];
    const { exitCode, stdout } = await runPeer(get);
    expect(exitCode).toBe(1);
    expect(eventsIn(stdout)).toContainEqual(expect.objectContaining({ event: 'error', code: 'sha1-mismatch' }));
    expect(stdout).not.toContain('"event":"verified"');
    expect(scratch.read('film').equals(content)).toBe(true);
  });

  it('lists what an address shares if it is several things, and says how to choose', async () => {
    scratch.file('film', 1000);
    const song = scratch.file('song', 2000);
    const { address } = await share(scratch.at('film'), scratch.at('song'));
    const refused = await runPeer(['get', address, ...scratch.local()]);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain(`${address} shares 2 things; choose one:`);
    const command = /p2p-peer get '(magnet:[^']*dn=song[^']*)'/.exec(refused.stderr);
    const chosen = await runPeer(['get', command?.[1] ?? '', '--out', scratch.at('out'), '--exit', ...scratch.local()]);
    expect(chosen.exitCode).toBe(0);
    expect(scratch.read('out', 'song').equals(song)).toBe(true);

    // The form without a command chooses by the name of the file to be.
    const file = new PeerProcess([
      '--file',
      scratch.at('copies', 'song'),
      '--peer',
      address,
      ...scratch.local('state-file'),
      '--json',
    ]);
    expect(await file.event('complete')).toMatchObject({ sha1: sha1Hex(song) });
  });

  it('names a foreign file that is in the way, leaves it alone, and replaces it with --force', async () => {
    const content = scratch.file('film', 300_000);
    const { address } = await share(scratch.at('film'));
    mkdirSync(scratch.at('out'));
    writeFileSync(scratch.at('out', 'film'), 'mine'.repeat(50_000));
    const get = ['get', address, '--out', scratch.at('out'), '--exit', ...scratch.local()];
    const refused = await runPeer(get);
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain(scratch.at('out', 'film'));
    expect(refused.stderr).toContain('--force');
    expect(readFileSync(scratch.at('out', 'film'), 'utf8')).toBe('mine'.repeat(50_000));
    expect((await runPeer([...get, '--force'])).exitCode).toBe(0);
    expect(scratch.read('out', 'film').equals(content)).toBe(true);
  });

  it('shares on after completion until the ratio is reached', async () => {
    const content = scratch.file('film', 500_000);
    const { peer: source, address } = await share(scratch.at('film'));
    const get = ['get', address, '--out', scratch.at('a'), ...scratch.local(), '--seed-ratio', '0.5', '--json'];
    const giver = new PeerProcess(get);
    await giver.event('seeding');
    // Were it still there, the taker would hear of it and might fetch more than half from it.
    source.kill('SIGKILL');
    await source.ended;
    const taker = await runPeer([
      'get',
      await giver.address(),
      '--out',
      scratch.at('b'),
      '--exit',
      ...scratch.local('state-b'),
    ]);
    expect(taker.exitCode).toBe(0);
    expect(scratch.read('b', 'film').equals(content)).toBe(true);
    expect((await giver.ended).exitCode).toBe(0);
  });

  it('leaves when the time to share is over', async () => {
    scratch.file('film', 1000);
    const { address } = await share(scratch.at('film'));
    const { exitCode, stdout } = await runPeer([
      'get',
      address,
      '--out',
      scratch.at('a'),
      ...scratch.local(),
      '--seed-time',
      '1s',
      '--json',
    ]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('"event":"seeding"');
  });

  it('says what a source must be if it is none', async () => {
    const { exitCode, stderr } = await runPeer(['get', scratch.at('nothing'), ...scratch.local()]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('is neither a magnet link nor HOST:PORT, and there is no file of that name');
    writeFileSync(scratch.at('text'), 'no torrent');
    expect((await runPeer(['get', scratch.at('text'), ...scratch.local()])).stderr).toContain('is not a .torrent file');
  });

  it('says why nothing arrives, where nobody is known', async () => {
    scratch.file('film', 1000);
    const torrent = scratch.at('t.torrent');
    await runPeer(['create', scratch.at('film'), '-o', torrent]);
    const peer = new PeerProcess(['get', torrent, '--out', scratch.at('out'), ...scratch.local()]);
    await peer.line('Not downloading: no peer is known; name one with --peer HOST:PORT.');
  });
});

describe('list', () => {
  it('names what is shared, and not what is unlisted', async () => {
    scratch.file('film', 1000);
    scratch.file('song', 2000);
    const open = await share(scratch.at('film'), scratch.at('song'));
    const { exitCode, stdout } = await runPeer(['list', open.address, '--json']);
    expect(exitCode).toBe(0);
    expect(eventsIn(stdout)).toMatchObject([
      { event: 'sharing', name: 'film', length: 1000, infoHash: open.sharing['infoHash'] },
      { event: 'sharing', name: 'song', length: 2000 },
    ]);
    const hidden = await share(scratch.at('film'), '--unlisted');
    expect((await runPeer(['list', hidden.address])).stdout).toBe('That peer lists nothing.\n');
  });

  it('says at once that nobody is there', async () => {
    scratch.file('film', 10);
    const { peer, address } = await share(scratch.at('film'));
    peer.kill('SIGKILL');
    await peer.ended;
    const { exitCode, stderr } = await runPeer(['list', address]);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(new RegExp(`^p2p-peer: cannot connect to ${address}: nobody listens there; is it running`));
  });
});

describe('create, info and verify', () => {
  it('agree with each other', async () => {
    const content = scratch.file('film', 1_000_000);
    const torrent = scratch.at('film.torrent');
    const create = ['create', scratch.at('film'), '-o', torrent, '--piece-size', '256KiB'];
    expect((await runPeer(create)).exitCode).toBe(0);
    const again = await runPeer(create);
    expect(again).toMatchObject({ exitCode: 1, stdout: '' });
    expect(again.stderr).toContain(`${torrent} exists; choose another name, or replace it with --force`);
    expect((await runPeer([...create, '--force'])).exitCode).toBe(0);

    const info = await runPeer(['info', torrent, '--json']);
    expect(eventsIn(info.stdout)).toMatchObject([
      { event: 'metadata', name: 'film', length: 1_000_000, pieceLength: 262_144, pieces: 4 },
      { event: 'torrent', sha1: sha1Hex(content), private: false },
      { event: 'file', path: 'film', length: 1_000_000 },
    ]);

    const verify = ['verify', torrent, scratch.at('film')];
    const right = await runPeer([...verify, '--json']);
    expect(right.exitCode).toBe(0);
    expect(eventsIn(right.stdout)).toMatchObject([{ event: 'complete', sha1: sha1Hex(content), length: 1_000_000 }]);

    content[300_000] = ~(content[300_000] ?? 0);
    content[999_999] = ~(content[999_999] ?? 0);
    writeFileSync(scratch.at('film'), content);
    const wrong = await runPeer(verify);
    expect(wrong.exitCode).toBe(1);
    expect(wrong.stderr).toContain('2 of 4 pieces missing or wrong: 1, 3');
    expect(wrong.stderr).toContain(`${scratch.at('film')}: damaged`);
  });

  it('verifies a folder, and names what is missing', async () => {
    mkdirSync(scratch.at('album'));
    const song = scratch.file('album/song', 100_000);
    writeFileSync(scratch.at('album', 'empty'), '');
    const torrent = scratch.at('album.torrent');
    await runPeer(['create', scratch.at('album'), '-o', torrent, '--private']);
    for (const place of [scratch.at('album'), scratch.path]) {
      const { exitCode, stdout } = await runPeer(['verify', torrent, place]);
      expect(exitCode).toBe(0);
      expect(stdout).toContain(sha1Hex(song));
    }
    rmSync(scratch.at('album', 'song'));
    const { exitCode, stderr } = await runPeer(['verify', torrent, scratch.at('album')]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('song: missing');
  });

  it.skipIf(process.platform === 'win32')('take what a folder holds under names that other systems lack', async () => {
    mkdirSync(scratch.at('Film: all'));
    const film = scratch.file('Film: all/Film: the sequel?.mkv', 1000);
    const torrent = scratch.at('film.torrent');
    await runPeer(['create', scratch.at('Film: all'), '-o', torrent]);
    for (const place of [scratch.at('Film: all'), scratch.path]) {
      const { exitCode, stdout } = await runPeer(['verify', torrent, place]);
      expect(exitCode).toBe(0);
      expect(stdout).toContain(sha1Hex(film));
    }
    const { exitCode, stdout } = await runPeer([
      'get',
      torrent,
      '--out',
      scratch.path,
      '--exit',
      '--json',
      ...scratch.local(),
    ]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('"event":"complete"');
    expect(existsSync(scratch.at('Film_ all'))).toBe(false);
  });
});

describe('errors', () => {
  it('exit 2 in one line when there is neither a file nor a peer', async () => {
    const { exitCode, stderr } = await runPeer([
      '--port',
      '0',
      '--file',
      scratch.at('none'),
      '--state-dir',
      scratch.at('s'),
    ]);
    expect(exitCode).toBe(2);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).toContain('is not there, and no --peer HOST:PORT says where to fetch it from');
  });

  it('say what to do about a port that is taken', async () => {
    scratch.file('film', 10);
    const { address } = await share(scratch.at('film'));
    const port = address.split(':')[1] ?? '';
    const { exitCode, stderr, stdout } = await runPeer([
      ...['share', scratch.at('film'), '--bind', '127.0.0.1', '--port', port, '--state-dir', scratch.at('s'), '--json'],
    ]);
    expect(exitCode).toBe(1);
    const message = `port ${port} is taken by another process; choose one with --port, or 0 for any`;
    expect(stderr).toBe(`p2p-peer: ${message}\n`);
    expect(eventsIn(stdout)).toEqual([{ event: 'error', code: 'port-taken', message }]);
  });

  it('name a file to share that is not there', async () => {
    const { exitCode, stderr } = await runPeer(['share', scratch.at('none'), ...scratch.local()]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(scratch.at('none'));
    expect(stderr).toContain('no such file or folder');
  });

  it('keep --torrent-out from replacing anything but a .torrent file', async () => {
    scratch.file('film', 1000);
    const notes = scratch.file('notes', 1000);
    const out = ['--torrent-out', scratch.at('notes')];
    const { exitCode, stderr } = await runPeer(['share', scratch.at('film'), ...out, ...scratch.local()]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('exists and is not a .torrent file');
    expect(scratch.read('notes').equals(notes)).toBe(true);
    for (const attempt of [1, 2]) {
      const { peer } = await share(scratch.at('film'), '--torrent-out', scratch.at('t.torrent'));
      peer.kill('SIGTERM');
      expect((await peer.ended).exitCode, `attempt ${attempt}`).toBe(143);
    }
  });

  it('name a folder that is none', async () => {
    scratch.file('film', 100_000);
    const { address } = await share(scratch.at('film'));
    const blocked = scratch.at('blocked');
    writeFileSync(blocked, 'a file where a folder is wanted');
    const { exitCode, stderr } = await runPeer(['get', address, '--out', blocked, '--exit', ...scratch.local()]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(blocked);
  });
});

describe('the end', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('by %s has exit code %i and no error', async (signal, code) => {
    scratch.file('film', 10);
    const { peer } = await share(scratch.at('film'));
    peer.kill(signal);
    expect(await peer.ended).toMatchObject({ exitCode: code, stderr: '' });
  });

  it('comes at once with the second signal', async () => {
    scratch.file('film', 10);
    const { peer } = await share(scratch.at('film'));
    peer.kill('SIGINT');
    peer.kill('SIGTERM');
    expect([130, 143]).toContain((await peer.ended).exitCode);
  });

  it('by a signal keeps what was fetched', async () => {
    const content = scratch.file('film', 8_000_000);
    const { address } = await share(scratch.at('film'), '--limit-up', '4MiB');
    const get = ['get', address, '--out', scratch.at('out'), '--exit', ...scratch.local(), '--json'];
    const first = new PeerProcess(get);
    await first.progressBeyond(500_000);
    first.kill('SIGINT');
    expect((await first.ended).exitCode).toBe(130);
    const second = new PeerProcess(get);
    expect(await second.event('progress')).toMatchObject({ total: 8_000_000 });
    const begin = second.events.find((line) => line.event === 'progress');
    expect(Number(begin?.['bytes'])).toBeGreaterThan(500_000);
    expect((await second.ended).exitCode).toBe(0);
    expect(scratch.read('out', 'film').equals(content)).toBe(true);
  });

  it('comes quietly when nobody reads any more', async () => {
    scratch.file('film', 10);
    const { peer } = await share(scratch.at('film'));
    peer.closeStdout();
    expect(await peer.ended).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('leaves no state of its own beside the files of the user', async () => {
    scratch.file('film', 1000);
    const { address } = await share(scratch.at('film'));
    await runPeer(['get', address, '--out', scratch.at('out'), '--exit', ...scratch.local()]);
    expect(readdirSync(scratch.at('out'))).toEqual(['film']);
    expect(existsSync(scratch.at('state', 'journals'))).toBe(true);
  });
});
