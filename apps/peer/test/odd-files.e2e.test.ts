// Pipes, devices and odd places where a .torrent file is expected: what can be read is read, within bounds, Ctrl-C ends the
// wait, and nothing is replaced that is no file.
import { execFileSync, spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';

import { PeerProcess, PROGRAM, runPeer } from './peer-process.js';
import { useScratchFolder } from './use-scratch-folder.js';

const scratch = useScratchFolder();

function makePipe(): string {
  execFileSync('mkfifo', [scratch.at('pipe')]);
  return scratch.at('pipe');
}

describe('a state folder', () => {
  it('in what is to be shared is refused, before anything is read or written', async () => {
    mkdirSync(scratch.at('album'));
    scratch.file('album/song', 1000);
    symlinkSync(scratch.at('album'), scratch.at('link'));
    for (const path of ['album', 'link']) {
      const { exitCode, stderr } = await runPeer(['share', scratch.at(path), ...scratch.local('album/state/deep')]);
      expect(stderr).toBe(
        `p2p-peer: the state folder ${scratch.at('album', 'state', 'deep')} lies in ${scratch.at(path)}, ` +
          'and would be shared with it; name another with --state-dir\n',
      );
      expect(exitCode).toBe(1);
    }
    expect(readdirSync(scratch.at('album'))).toEqual(['song']);
  });
});

describe('a .torrent file to read', () => {
  it('may be a pipe whose writer takes its time', async () => {
    scratch.file('film', 1000);
    await runPeer(['create', scratch.at('film'), '-o', scratch.at('t.torrent')]);
    const line = 'sleep 1; cat "$1"; sleep 0.2';
    const writer = spawn('sh', [
      '-c',
      `(${line}) | "$2" "$3" info /dev/stdin`,
      'sh',
      scratch.at('t.torrent'),
      process.execPath,
      PROGRAM,
    ]);
    let printed = '';
    writer.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
    const exitCode = await new Promise((resolve) => writer.once('close', resolve));
    expect(printed).toContain('Name       film');
    expect(exitCode).toBe(0);
  });

  it('is none if it is a pipe that nobody writes to', async () => {
    const { exitCode, stderr } = await runPeer(['info', makePipe()]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`${scratch.at('pipe')} is not a .torrent file`);
  });

  it.each([
    ['info', []],
    ['verify', ['.']],
    ['get', ['--port', '0', '--bind', '127.0.0.1']],
  ])('is not waited for by %s after a signal', async (command, more) => {
    const pipe = makePipe();
    const writer = openSync(pipe, 'r+');
    const peer = new PeerProcess([command, pipe, ...more], { XDG_STATE_HOME: scratch.path });
    await delay(1_000);
    peer.kill('SIGINT');
    expect(await peer.ended).toMatchObject({ exitCode: 130, stderr: '' });
    closeSync(writer);
  });

  it.skipIf(!existsSync('/dev/zero'))('is none if it never ends', async () => {
    expect(await runPeer(['info', '/dev/zero'])).toMatchObject({
      exitCode: 1,
      stderr: 'p2p-peer: /dev/zero is not a .torrent file: it has more than 33554432 bytes\n',
    });
  });
});

describe('a .torrent file to write', () => {
  it('replaces neither a pipe nor a link that leads nowhere, even with --force', async () => {
    scratch.file('film', 1000);
    const pipe = makePipe();
    symlinkSync(scratch.at('gone'), scratch.at('link'));
    for (const [out, why] of [
      [pipe, 'is not a regular file; choose another name'],
      [scratch.at('link'), 'is a symbolic link that leads nowhere; remove it, or choose another name'],
    ] as const) {
      for (const force of [[], ['--force']]) {
        const { exitCode, stderr } = await runPeer(['create', scratch.at('film'), '-o', out, ...force]);
        expect(exitCode).toBe(1);
        expect(stderr).toBe(`p2p-peer: ${out} ${why}\n`);
      }
    }
    expect(lstatSync(pipe).isFIFO()).toBe(true);
    expect(lstatSync(scratch.at('link')).isSymbolicLink()).toBe(true);
  });

  it('cannot describe any number of pieces, which is found before anything is read', async () => {
    writeFileSync(scratch.at('disk'), '');
    truncateSync(scratch.at('disk'), 14 * 1024 ** 3);
    const out = scratch.at('x.torrent');
    const { exitCode, stderr } = await runPeer(['create', scratch.at('disk'), '-o', out, '--piece-size', '16KiB']);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^p2p-peer: \S+disk: info: expected at most 16777216 bytes, got \d+; choose longer pieces/u);
  });

  it('does not lie in the folder that it describes', async () => {
    mkdirSync(scratch.at('album'));
    scratch.file('album/song', 1000);
    const out = scratch.at('album', 'x.torrent');
    for (const args of [
      ['create', scratch.at('album'), '-o', out, '--force'],
      ['share', scratch.at('album'), '--torrent-out', out, '--port', '0', '--bind', '127.0.0.1'],
    ]) {
      const { exitCode, stderr } = await runPeer(args, { XDG_STATE_HOME: scratch.at('state') });
      expect(exitCode).toBe(1);
      expect(stderr).toContain(`write it elsewhere, such as ${scratch.at('x.torrent')}`);
    }
    expect(readdirSync(scratch.at('album'))).toEqual(['song']);
  });
});
