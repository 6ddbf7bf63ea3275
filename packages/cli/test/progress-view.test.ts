import { describe, expect, it } from 'vitest';

import type { ProgressEvent } from '../src/index.js';
import { ProgressView } from '../src/progress-view.js';
import { FakeLiveLine, FakeTerminal } from './fake-terminal.js';

const SETTINGS = { json: false, quiet: false, logLevel: 'info' } as const;
const HASH = 'ab'.repeat(20);

function progress(bytes: number, more: Partial<ProgressEvent> = {}): ProgressEvent {
  return { kind: 'progress', bytes, total: 1000, downRate: 10, upRate: 0, peers: 1, ...more };
}

describe('ProgressView without a terminal', () => {
  it('prints the first progress, then a line every five seconds if there is news', () => {
    const terminal = new FakeTerminal();
    const view = new ProgressView(terminal, SETTINGS);
    for (let second = 0; second <= 12; second++) {
      terminal.nowMs = second * 1000;
      view.show(progress(second * 10));
    }
    expect(terminal.stdout.lines.map((line) => line.split('  ')[0])).toEqual(['0.0%', '5.0%', '10.0%']);
  });

  it('prints nothing while nothing changes', () => {
    const terminal = new FakeTerminal();
    const view = new ProgressView(terminal, SETTINGS);
    for (let second = 0; second <= 60; second++) {
      terminal.nowMs = second * 1000;
      view.show(progress(10));
    }
    expect(terminal.stdout.lines).toHaveLength(1);
  });

  it('says at once why nothing arrives, and that it goes on', () => {
    const terminal = new FakeTerminal();
    const view = new ProgressView(terminal, SETTINGS);
    view.show(progress(10));
    view.show(progress(10, { stall: 'choked' }));
    view.show(progress(10, { stall: 'choked' }));
    view.show(progress(20));
    expect(terminal.stdout.lines).toEqual([
      expect.stringMatching(/^1\.0%/),
      expect.stringMatching(/^1\.0%/),
      'Not downloading: the connected peers do not let us download at the moment; waiting for our turn.',
      expect.stringMatching(/^2\.0%/),
    ]);
  });

  it('leaves it to the event `complete` to say that all is there', () => {
    const terminal = new FakeTerminal();
    const view = new ProgressView(terminal, SETTINGS);
    view.show(progress(10));
    view.show(progress(1000));
    view.show({ kind: 'complete', path: '/film', length: 1000, sha1: HASH, seconds: 2, bytesPerSecond: 500 });
    expect(terminal.stdout.lines).toEqual([
      expect.stringMatching(/^1\.0%/),
      'Complete and verified: 1000 B in 2s (500 B/s)',
      '  /film',
      `  SHA-1 ${HASH}`,
    ]);
  });

  it('says how much of it was fetched in that time', () => {
    const terminal = new FakeTerminal();
    const view = new ProgressView(terminal, SETTINGS);
    view.show({ kind: 'complete', path: '/film', length: 1000, sha1: HASH, seconds: 2, bytesPerSecond: 100 });
    view.show({ kind: 'complete', path: '/film', length: 1000, sha1: HASH, seconds: 0, bytesPerSecond: 0 });
    expect(terminal.stdout.lines.filter((line) => !line.startsWith(' '))).toEqual([
      'Complete and verified: 1000 B, 200 B of it in 2s (100 B/s)',
      'Complete and verified: 1000 B',
    ]);
  });

  it('leaves it to that event also when all is there before any progress was told', () => {
    const terminal = new FakeTerminal();
    const view = new ProgressView(terminal, SETTINGS);
    view.show(progress(1000));
    view.show({ kind: 'waiting', peers: 1 });
    view.show(progress(1000));
    expect(terminal.stdout.lines).toEqual(['Waiting for the list of pieces  1 peer']);
  });

  it('says now and then what a node that has everything gives', () => {
    const terminal = new FakeTerminal();
    const view = new ProgressView(terminal, SETTINGS);
    for (let second = 0; second <= 12; second++) {
      terminal.nowMs = second * 1000;
      view.show(progress(1000, { upRate: second < 3 ? 0 : 5 }));
    }
    expect(terminal.stdout.lines).toEqual(Array.from({ length: 2 }, () => 'sharing  up 5 B/s  1 peer'));
  });

  it('says while the list of pieces is not known, and why it takes long', () => {
    const terminal = new FakeTerminal();
    const view = new ProgressView(terminal, SETTINGS);
    view.show({ kind: 'waiting', peers: 0 });
    view.show({ kind: 'waiting', peers: 1 });
    terminal.nowMs = 5000;
    view.show({ kind: 'waiting', peers: 1 });
    view.show({ kind: 'waiting', peers: 1, stall: 'no-metadata' });
    view.show(progress(0));
    expect(terminal.stdout.lines).toEqual([
      'Waiting for the list of pieces  0 peers',
      'Waiting for the list of pieces  1 peer',
      'Waiting for the list of pieces  1 peer',
      'Not downloading: connected, but no peer has sent the list of pieces yet.',
      expect.stringMatching(/^0\.0%/),
    ]);
  });

  it('names the place it listens at, unless it is every address', () => {
    const terminal = new FakeTerminal();
    const view = new ProgressView(terminal, SETTINGS);
    view.show({ kind: 'listening', host: '::', port: 6881, peerId: '' });
    view.show({ kind: 'listening', host: '127.0.0.1', port: 6881, peerId: '' });
    expect(terminal.stdout.lines).toEqual([
      'Listening on port 6881, at every address of this machine',
      'Listening on 127.0.0.1:6881',
    ]);
  });

  it('never writes an escape sequence', () => {
    const terminal = new FakeTerminal();
    const view = new ProgressView(terminal, SETTINGS);
    view.show({ kind: 'sharing', name: 'a\u001b[31m', length: 1, infoHash: HASH, magnet: 'magnet:?x' });
    view.show({
      kind: 'complete',
      path: '/x/\u001b]0;pwn\u0007',
      length: 1,
      sha1: HASH,
      seconds: 1,
      bytesPerSecond: 1,
    });
    view.show({ kind: 'error', code: 'io', message: 'cannot write\nbad\u009bname' });
    view.log('warn', 'from \u202Epeer');
    // eslint-disable-next-line no-control-regex -- control characters are what is looked for
    expect(terminal.stdout.text + terminal.stderr.text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(terminal.stderr.text).toBe('p2p-peer: cannot write\nbad?name\np2p-peer: from ?peer\n');
  });

  it('shows how far a check is, now and then', () => {
    const terminal = new FakeTerminal();
    const view = new ProgressView(terminal, SETTINGS);
    for (const bytes of [0, 10, 20]) view.show({ kind: 'checking', name: 'film', bytes, total: 100 });
    terminal.nowMs = 6000;
    view.show({ kind: 'checking', name: 'film', bytes: 50, total: 100 });
    expect(terminal.stdout.lines).toEqual(['Checking film: 0.0%', 'Checking film: 50.0%']);
  });
});

describe('ProgressView with --quiet', () => {
  it('prints links, the path of what is complete, and errors', () => {
    const terminal = new FakeTerminal();
    const view = new ProgressView(terminal, { json: false, quiet: true, logLevel: 'error' });
    view.show({ kind: 'listening', host: '::1', port: 1, peerId: '' });
    view.show({ kind: 'sharing', name: 'a', length: 1, infoHash: HASH, magnet: 'magnet:?x' });
    view.show(progress(10));
    view.show({ kind: 'complete', path: '/there', length: 1, sha1: HASH, seconds: 1, bytesPerSecond: 1 });
    view.log('warn', 'unseen');
    view.show({ kind: 'error', code: 'io', message: 'seen' });
    expect(terminal.stdout.lines).toEqual(['magnet:?x', '/there']);
    expect(terminal.stderr.lines).toEqual(['p2p-peer: seen']);
  });
});

describe('ProgressView on a terminal', () => {
  it('draws over one line, clears it for ordinary lines, and draws it again below', () => {
    const terminal = new FakeTerminal({ isTTY: true, environment: { NO_COLOR: '1' } });
    const line = new FakeLiveLine();
    const view = new ProgressView(terminal, SETTINGS, line);
    view.show(progress(10));
    const [drawn] = line.drawn;
    expect(drawn).toContain('1.0%');
    view.show({ kind: 'listening', host: '::1', port: 1, peerId: '' });
    expect(line.drawn).toEqual([drawn, undefined, drawn]);
    expect(terminal.stdout.text).toBe('Listening on [::1]:1\n');
    view.log('warn', 'careful');
    expect(line.drawn).toEqual([drawn, undefined, drawn, undefined, drawn]);
    view.close();
    expect(line.drawn.at(-1)).toBeUndefined();
  });

  it('does not say again that all is checked', () => {
    const terminal = new FakeTerminal({ isTTY: true, environment: { NO_COLOR: '1' } });
    const line = new FakeLiveLine();
    const view = new ProgressView(terminal, SETTINGS, line);
    for (const bytes of [50, 100]) view.show({ kind: 'checking', name: 'film', bytes, total: 100 });
    view.show({ kind: 'sharing', name: 'film', length: 100, infoHash: HASH, magnet: 'magnet:?x' });
    expect(line.drawn).toEqual(['Checking film: 50.0%', 'Checking film: 100%', undefined]);
  });

  it('puts the reason of a stall below the bar', () => {
    const terminal = new FakeTerminal({ isTTY: true, environment: { NO_COLOR: '1' } });
    const line = new FakeLiveLine();
    new ProgressView(terminal, SETTINGS, line).show(progress(10, { stall: 'no-peers-known' }));
    expect(line.drawn[0]?.split('\n')[1]).toBe('Not downloading: no peer is known; name one with --peer HOST:PORT.');
  });

  it('uses colour, unless NO_COLOR or a dumb terminal forbids it', () => {
    const isColored = (environment: Record<string, string>) => {
      const terminal = new FakeTerminal({ isTTY: true, environment });
      const view = new ProgressView(terminal, SETTINGS, new FakeLiveLine());
      view.show({ kind: 'complete', path: '/x', length: 1, sha1: HASH, seconds: 1, bytesPerSecond: 1 });
      return terminal.stdout.text.includes('\u001b[');
    };
    expect(isColored({})).toBe(true);
    expect(isColored({ NO_COLOR: '' })).toBe(true);
    expect(isColored({ NO_COLOR: '1' })).toBe(false);
    expect(isColored({ TERM: 'dumb' })).toBe(false);
  });

  it('shows connections and their ends to those who ask for everything', () => {
    const terminal = new FakeTerminal();
    const view = new ProgressView(terminal, { ...SETTINGS, logLevel: 'debug' });
    view.show({ kind: 'peer', state: 'connected', address: '1.2.3.4:5', client: 'x\u0007' });
    view.show({ kind: 'peer', state: 'closed', address: '1.2.3.4:5', client: 'x', reason: 'lost' });
    expect(terminal.stderr.lines).toEqual([
      'p2p-peer: connected to 1.2.3.4:5 (x?)',
      'p2p-peer: closed 1.2.3.4:5 (x): lost',
    ]);
  });
});
