// What a program prints is its result: where it cannot be written the exit code says so; where nobody reads on, all is well.
import { existsSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { PeerProcess, runPeer, runPeerInto } from './peer-process.js';
import { useScratchFolder } from './use-scratch-folder.js';

/** Takes no byte, like a disk that is full. */
const FULL = '/dev/full';
const LOST = {
  exitCode: 1,
  stderr: 'p2p-peer: cannot write its output: ENOSPC: no space left on device, write\n',
};
const scratch = useScratchFolder();

describe.skipIf(!existsSync(FULL))('output that cannot be written', () => {
  it.each([
    [['--version']],
    [['--help']],
    [['completion', 'bash']],
    [['info', 'magnet:?xt=urn:btih:' + 'ab'.repeat(20)]],
  ])('is a failure of %j', (args) => {
    expect(runPeerInto(FULL, args)).toEqual(LOST);
  });

  it('lets a node that shares save and leave', () => {
    scratch.file('film', 1000);
    expect(runPeerInto(FULL, ['share', scratch.at('film'), ...scratch.local('s')])).toEqual(LOST);
  });

  it('lets a node that fetches save and leave, so that the next goes on', async () => {
    const content = scratch.file('film', 8_000_000);
    const source = new PeerProcess(['share', scratch.at('film'), ...scratch.local('s'), '--json']);
    await source.event('sharing');
    const get = ['get', await source.address(), '--out', scratch.at('out'), '--exit', ...scratch.local('g')];
    expect(runPeerInto(FULL, get)).toEqual(LOST);
    expect((await runPeer(get)).exitCode).toBe(0);
    expect(scratch.read('out', 'film').equals(content)).toBe(true);
  });
});

it.each([[['--version']], [['--help']], [['info', 'magnet:?xt=urn:btih:' + 'ab'.repeat(20)]]])(
  'output that nobody reads is no failure of %j',
  async (args) => {
    const peer = new PeerProcess(args);
    peer.closeStdout();
    expect(await peer.ended).toMatchObject({ exitCode: 0, stderr: '' });
  },
);
