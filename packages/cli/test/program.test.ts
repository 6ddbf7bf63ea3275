import { beforeEach, describe, expect, it } from 'vitest';

import { CliError } from '../src/index.js';
import { FakeTerminal } from './fake-terminal.js';
import { HASH, ProgramFixture } from './program-fixture.js';

const NODE_DEFAULTS = { port: 6881, peers: [], isListed: true };

let program: ProgramFixture;

beforeEach(() => {
  program = new ProgramFixture();
});

describe('the form without a command', () => {
  it('hands over path, port and peers', async () => {
    expect(await program.run('--port 7002 --file G --peer 127.0.0.1:7001 --peer [::1]:7003')).toBe(0);
    const peers = [
      { host: '127.0.0.1', port: 7001 },
      { host: '::1', port: 7003 },
    ];
    expect(program.runtime.calls).toEqual([
      { method: 'file', request: { port: 7002, peers, isListed: true, path: 'G' } },
    ]);
  });

  it('says in one line what is missing', async () => {
    expect(await program.run('')).toBe(2);
    expect(program.terminal.stderr.lines).toEqual([
      'p2p-peer: nothing to do: name a file with --file PATH, or a command (see p2p-peer --help)',
    ]);
  });

  it('lets the runtime call the command line wrong', async () => {
    program.runtime.during = () => {
      throw new CliError('usage', 'G is not there; name a peer');
    };
    expect(await program.run('--file G')).toBe(2);
    expect(program.terminal.stderr.lines).toEqual(['p2p-peer: G is not there; name a peer']);
  });

  it('is about one file: of two, none is left out without a word', async () => {
    expect(await program.run('--file F --file G')).toBe(2);
    expect(program.terminal.stderr.lines).toEqual([
      "p2p-peer: option '--file <path>' argument 'G' is invalid. It is the second one; p2p-peer share takes several paths. (see p2p-peer --help)",
    ]);
    expect(program.runtime.calls).toEqual([]);
  });

  it('names the commands when one is misspelt', async () => {
    expect(await program.run('shear x')).toBe(2);
    expect(program.terminal.stderr.lines).toEqual([
      'p2p-peer: there is no command "shear"; the commands are share, get, list, create, info, verify, help, completion',
    ]);
    expect(program.runtime.calls).toEqual([]);
  });

  it('names the commands also when the misspelt one has options of its own', async () => {
    expect(await program.run('gte x --exit')).toBe(2);
    expect(program.terminal.stderr.text).toContain('there is no command "gte"; the commands are share, get,');
  });

  it('speaks of the option where no command was meant', async () => {
    expect(await program.run('--exit')).toBe(2);
    expect(program.terminal.stderr.lines).toEqual(["p2p-peer: unknown option '--exit' (see p2p-peer --help)"]);
  });

  it('lets no argument that it repeats control the terminal', async () => {
    expect(await program.run('get magnet:?xt=\u001B[2J')).toBe(2);
    expect(program.terminal.stderr.text).toContain('?xt=?[2J');
  });
});

describe('share', () => {
  it('has defaults for everything but the path', async () => {
    expect(await program.run('share a')).toBe(0);
    expect(program.runtime.calls).toEqual([{ method: 'share', request: { ...NODE_DEFAULTS, paths: ['a'] } }]);
  });

  it('passes every option on', async () => {
    const options =
      '--port 0 --bind 127.0.0.1 --peer h:1 --limit-up 1MiB --limit-down 2MB/s --max-peers 7 --unlisted ' +
      '--state-dir s --piece-size 256KiB --torrent-out t.torrent';
    expect(await program.run(`share a ${options}`)).toBe(0);
    expect(program.runtime.calls).toEqual([
      {
        method: 'share',
        request: {
          port: 0,
          bind: '127.0.0.1',
          peers: [{ host: 'h', port: 1 }],
          uploadBytesPerSecond: 1_048_576,
          downloadBytesPerSecond: 2_000_000,
          maxPeers: 7,
          isListed: false,
          stateDir: 's',
          paths: ['a'],
          pieceBytes: 262_144,
          torrentOut: 't.torrent',
        },
      },
    ]);
  });

  it('takes options before the command too, and adds up the peers', async () => {
    expect(await program.run('--port 1 --peer a:1 share x --peer b:2')).toBe(0);
    const peers = [
      { host: 'a', port: 1 },
      { host: 'b', port: 2 },
    ];
    expect(program.runtime.calls[0]?.request).toEqual({ ...NODE_DEFAULTS, port: 1, peers, paths: ['x'] });
  });

  it.each([
    ['--file x share y', 'share takes no --file'],
    ['--piece-size 1MiB get 10.0.0.1:5', 'get takes no --piece-size'],
    ['--port 1 --quiet info x.torrent', 'info takes no --port'],
    ['--peer a:1 list b:2', 'list takes no --peer'],
    ['--json completion bash', 'completion takes no --json'],
  ])('is like every command strict about options before it: "%s"', async (commandLine, expected) => {
    expect(await program.run(commandLine)).toBe(2);
    expect(program.terminal.stderr.text).toContain(`p2p-peer: ${expected} (see p2p-peer `);
    expect(program.runtime.calls).toEqual([]);
  });

  it('refuses one .torrent file for several paths', async () => {
    expect(await program.run('share a b --torrent-out t')).toBe(2);
    expect(program.terminal.stderr.text).toContain('--torrent-out takes one path');
  });

  it.each([
    ['--port 65536', "option '--port <number>' argument '65536' is invalid. expected a whole number from 0 to 65535"],
    ['--port x', 'got "x"'],
    ['--bind localhost', 'expected an IPv4 or IPv6 address, got "localhost"'],
    ['--peer 1.2.3.4', "option '--peer <host:port>' argument '1.2.3.4' is invalid. expected HOST:PORT"],
    ['--limit-up 0', 'would stop all traffic'],
    ['--max-peers 0', 'from 1 to 10000'],
    ['--piece-size 100K', 'expected a power of two from 16KiB to 64MiB, got "100K"'],
    ['--log-level loud', 'Allowed choices are silent, error, warn, info, debug'],
    ['--unlited', "unknown option '--unlited' (Did you mean --unlisted?)"],
  ])('refuses %s in one line', async (option, expected) => {
    expect(await program.run(`share a ${option}`)).toBe(2);
    expect(program.terminal.stderr.lines).toHaveLength(1);
    expect(program.terminal.stderr.text).toMatch(/^p2p-peer: .*\(see p2p-peer share --help\)\n$/);
    expect(program.terminal.stderr.text).toContain(expected);
    expect(program.runtime.calls).toEqual([]);
  });
});

describe('get', () => {
  it('has defaults for everything but the source', async () => {
    expect(await program.run('get 127.0.0.1:7001')).toBe(0);
    expect(program.runtime.calls).toEqual([
      {
        method: 'get',
        request: {
          ...NODE_DEFAULTS,
          source: { kind: 'address', address: { host: '127.0.0.1', port: 7001 } },
          out: '.',
          exitWhenComplete: false,
          isSequential: false,
          overwrite: false,
        },
      },
    ]);
  });

  it('passes every option on', async () => {
    expect(
      await program.run('get x.torrent --out d --exit --seed-ratio 1.5 --seed-time 10m --sequential --force'),
    ).toBe(0);
    expect(program.runtime.calls[0]?.request).toEqual({
      ...NODE_DEFAULTS,
      source: { kind: 'torrentFile', path: 'x.torrent' },
      out: 'd',
      exitWhenComplete: true,
      seedRatio: 1.5,
      seedSeconds: 600,
      isSequential: true,
      overwrite: true,
    });
  });

  it('reads a magnet link', async () => {
    expect(await program.run(`get magnet:?xt=urn:btih:${HASH}&x.pe=10.0.0.1:5`)).toBe(0);
    expect(program.runtime.calls[0]?.request).toMatchObject({
      source: { kind: 'magnet', magnet: { peers: [{ host: '10.0.0.1', port: 5 }] } },
    });
  });

  it('refuses a source that is missing, broken, or too many', async () => {
    expect(await program.run('get')).toBe(2);
    expect(await program.run('get magnet:?xt=urn:btih:12')).toBe(2);
    expect(await program.run('get a b')).toBe(2);
    expect(program.terminal.stderr.lines).toHaveLength(3);
    expect(program.terminal.stderr.lines[0]).toContain("missing required argument 'source'");
    expect(program.terminal.stderr.lines[2]).toContain('too many arguments');
    expect(program.runtime.calls).toEqual([]);
  });
});

describe('list', () => {
  const shares = [
    { kind: 'sharing', name: 'film\u0007', length: 2048, infoHash: HASH, magnet: `magnet:?xt=urn:btih:${HASH}` },
    { kind: 'sharing', name: 'song', length: 1, infoHash: HASH, magnet: 'magnet:?y' },
  ] as const;

  it('names what a peer shares, and how to choose', async () => {
    program.runtime.shares = shares;
    expect(await program.run('list 127.0.0.1:7001 --bind 127.0.0.2')).toBe(0);
    expect(program.runtime.calls).toEqual([
      { method: 'list', request: { address: { host: '127.0.0.1', port: 7001 }, bind: '127.0.0.2' } },
    ]);
    expect(program.terminal.stdout.lines).toEqual([
      'film?  2 KiB',
      `  magnet:?xt=urn:btih:${HASH}`,
      'song  1 B',
      '  magnet:?y',
      '',
      "2 shares; fetch one with: p2p-peer get 'MAGNET-LINK'",
    ]);
  });

  it('says so when there is nothing', async () => {
    await program.run('list 127.0.0.1:7001');
    expect(program.terminal.stdout.text).toBe('That peer lists nothing.\n');
  });

  it('gives one event for each with --json', async () => {
    program.runtime.shares = shares;
    expect(await program.run('list 127.0.0.1:7001 --json')).toBe(0);
    expect(program.parsedLines()).toEqual(shares.map(({ kind, ...fields }) => ({ event: kind, ...fields })));
  });
});

describe('failures', () => {
  it('exit 1 with the code and message of an error that was meant for people', async () => {
    program.runtime.during = () => {
      throw Object.assign(new Error('port 6881 is taken'), { code: 'port-taken' });
    };
    expect(await program.run('share a --json')).toBe(1);
    expect(JSON.parse(program.terminal.stdout.text)).toEqual({
      event: 'error',
      code: 'port-taken',
      message: 'port 6881 is taken',
    });
  });

  it('exit 1 and ask for a report when the error is ours', async () => {
    program.runtime.during = () => {
      throw new TypeError('x is undefined');
    };
    expect(await program.run('share a --log-level debug')).toBe(1);
    expect(program.terminal.stderr.text).toContain(
      'please report it (--log-level debug shows more): TypeError: x is undefined',
    );
    expect(program.terminal.stderr.text).toContain('fake-runtime.ts');
  });

  it('tell a reader of JSON about a wrong command line', async () => {
    expect(await program.run('share a --json --port x')).toBe(2);
    expect(program.terminal.stdout.lines).toHaveLength(1);
    expect(JSON.parse(program.terminal.stdout.text)).toMatchObject({ event: 'error', code: 'usage' });
    expect(program.terminal.stderr.lines).toHaveLength(1);
  });

  it('are no failures when the command was told to stop', async () => {
    const controller = new AbortController();
    program.runtime.during = ({ signal }) => {
      controller.abort();
      signal.throwIfAborted();
    };
    expect(await program.run('share a', controller.signal)).toBe(0);
    expect(program.terminal.stderr.text).toBe('');
  });
});

describe('events', () => {
  it('reach the view while the command runs', async () => {
    program.runtime.during = ({ emit, log }) => {
      emit({ kind: 'listening', host: '127.0.0.1', port: 7001, peerId: 'aa' });
      log('info', 'hello');
    };
    await program.run('share a');
    expect(program.terminal.stdout.lines).toEqual(['Listening on 127.0.0.1:7001']);
    expect(program.terminal.stderr.lines).toEqual(['p2p-peer: hello']);
  });

  it.each([
    ['--quiet', ['p2p-peer: bad']],
    ['--quiet --log-level warn', ['p2p-peer: odd', 'p2p-peer: bad']],
    ['--quiet --log-level silent', []],
    ['--quiet --json --log-level silent', []],
  ])('of stderr are with %s those of the level that was asked for', async (options, expected) => {
    program.runtime.during = ({ log }) => {
      log('info', 'hello');
      log('warn', 'odd');
      log('error', 'bad');
    };
    await program.run(`share a ${options}`);
    expect(program.terminal.stderr.lines).toEqual(expected);
  });

  it('draw on a terminal without leaving anything of the bar behind', async () => {
    program.terminal = new FakeTerminal({ isTTY: true, environment: { NO_COLOR: '1' } });
    program.runtime.during = ({ emit }) => {
      emit({ kind: 'progress', bytes: 1, total: 2, downRate: 0, upRate: 0, peers: 0 });
    };
    await program.run('share a');
    expect(program.terminal.stdout.text).toContain('50.0%');
    // The last thing on the terminal is an erased line: the cursor at its begin, nothing after it.
    const [eraseLine, toFirstColumn, endOfUpdate] = ['\u001b[2K', '\u001b[G', '\u001b[?2026l'];
    expect(program.terminal.stdout.text.replaceAll(endOfUpdate, '').endsWith(eraseLine + toFirstColumn)).toBe(true);
  });

  it('are plain lines on a dumb terminal, which would show the escape sequences', async () => {
    program.terminal = new FakeTerminal({ isTTY: true, environment: { TERM: 'dumb' } });
    program.runtime.during = ({ emit }) => {
      emit({ kind: 'progress', bytes: 1, total: 2, downRate: 0, upRate: 0, peers: 0 });
    };
    await program.run('share a');
    expect(program.terminal.stdout.lines).toEqual(['50.0%  1 B of 2 B  down 0 B/s  up 0 B/s  0 peers']);
  });
});

describe('--version', () => {
  it('prints the version', async () => {
    expect(await program.run('--version')).toBe(0);
    expect(program.terminal.stdout.text).toBe('1.2.3\n');
  });
});
