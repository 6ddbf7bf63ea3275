import { describe, expect, it } from 'vitest';

import type { NodeEvent } from '../src/index.js';
import { JsonView } from '../src/json-view.js';
import { FakeTerminal } from './fake-terminal.js';

const HASH = 'ab'.repeat(20);
const SETTINGS = { json: true, quiet: false, logLevel: 'info' } as const;

/** Every event with the line it must become: the fields of the table in the README, in its order, and no others. */
const LINES: readonly (readonly [NodeEvent, string])[] = [
  [
    { kind: 'listening', host: '127.0.0.1', port: 7001, peerId: '2d50' },
    '{"event":"listening","host":"127.0.0.1","port":7001,"peerId":"2d50"}',
  ],
  [
    { kind: 'sharing', name: 'a', length: 1, infoHash: HASH, magnet: 'magnet:?x' },
    `{"event":"sharing","name":"a","length":1,"infoHash":"${HASH}","magnet":"magnet:?x"}`,
  ],
  [
    { kind: 'metadata', name: 'a', length: 1, pieceLength: 65_536, pieces: 1, infoHash: HASH },
    `{"event":"metadata","name":"a","length":1,"pieceLength":65536,"pieces":1,"infoHash":"${HASH}"}`,
  ],
  [
    { kind: 'progress', bytes: 1, total: 2, downRate: 3.4, upRate: 0.6, peers: 5, stall: 'choked' },
    '{"event":"progress","bytes":1,"total":2,"downRate":3,"upRate":1,"peers":5}',
  ],
  [
    { kind: 'peer', state: 'connected', address: '[::1]:5', client: 'x' },
    '{"event":"peer","state":"connected","address":"[::1]:5","client":"x"}',
  ],
  [
    { kind: 'peer', state: 'closed', address: '[::1]:5', client: 'x', reason: 'we stopped' },
    '{"event":"peer","state":"closed","address":"[::1]:5","client":"x","reason":"we stopped"}',
  ],
  [
    { kind: 'complete', path: '/a', length: 10, sha1: HASH, seconds: 1.23456, bytesPerSecond: 8.1 },
    `{"event":"complete","path":"/a","length":10,"sha1":"${HASH}","seconds":1.235,"bytesPerSecond":8}`,
  ],
  [
    { kind: 'verified', path: '/a', length: 10, sha1: HASH },
    `{"event":"verified","path":"/a","length":10,"sha1":"${HASH}"}`,
  ],
  [{ kind: 'seeding', infoHash: HASH }, `{"event":"seeding","infoHash":"${HASH}"}`],
  [
    { kind: 'status', uploaded: 1, downloaded: 2, wasted: 3, corrupt: 4 },
    '{"event":"status","uploaded":1,"downloaded":2,"wasted":3,"corrupt":4}',
  ],
  [{ kind: 'error', code: 'io', message: 'no' }, '{"event":"error","code":"io","message":"no"}'],
  [{ kind: 'file', path: 'a/b', length: 3 }, '{"event":"file","path":"a/b","length":3}'],
  [
    {
      kind: 'torrent',
      infoHash: HASH,
      magnet: 'magnet:?x',
      name: null,
      length: null,
      sha1: null,
      private: null,
      peers: ['[::1]:5'],
    },
    `{"event":"torrent","infoHash":"${HASH}","magnet":"magnet:?x","name":null,"length":null,"sha1":null,"private":null,"peers":["[::1]:5"]}`,
  ],
];

describe('JsonView', () => {
  it.each(LINES)('writes one line for %o', (event, line) => {
    const terminal = new FakeTerminal();
    new JsonView(terminal, SETTINGS).show(event);
    expect(terminal.stdout.text).toBe(line + '\n');
  });

  it('keeps what is for people off stdout', () => {
    const terminal = new FakeTerminal();
    const view = new JsonView(terminal, SETTINGS);
    view.show({ kind: 'checking', name: 'a', bytes: 1, total: 2 });
    view.show({ kind: 'waiting', peers: 0 });
    view.log('warn', 'mind the gap');
    view.log('debug', 'unseen');
    expect(terminal.stdout.text).toBe('');
    expect(terminal.stderr.text).toBe('p2p-peer: mind the gap\n');
  });

  it('tells an error on both: as an event, and in words', () => {
    const terminal = new FakeTerminal();
    new JsonView(terminal, { ...SETTINGS, quiet: true }).show({ kind: 'error', code: 'io', message: 'disk on fire' });
    expect(terminal.stdout.text).toContain('"message":"disk on fire"');
    expect(terminal.stderr.text).toBe('p2p-peer: disk on fire\n');
  });

  it('stays one line whatever a name contains', () => {
    const terminal = new FakeTerminal();
    const name = 'evil\n{"event":"complete"}\u001b[2J\u009b2J\u202e';
    new JsonView(terminal, SETTINGS).show({ kind: 'sharing', name, length: 1, infoHash: HASH, magnet: 'm' });
    expect(terminal.stdout.lines).toHaveLength(1);
    expect(JSON.parse(terminal.stdout.text)).toMatchObject({ event: 'sharing', name });
    expect(terminal.stdout.text).toMatch(/^[ -~]*\n$/);
  });
});
