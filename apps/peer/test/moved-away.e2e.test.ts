// What was moved or deleted while it was fetched is not complete, whatever the open files hold.
import { renameSync, rmSync } from 'node:fs';

import { expect, it } from 'vitest';

import { PeerProcess, runPeer } from './peer-process.js';
import { useScratchFolder } from './use-scratch-folder.js';

const scratch = useScratchFolder();

it.each([
  ['deleted', (path: string) => rmSync(path, { recursive: true })],
  ['moved', (path: string) => renameSync(path, `${path}-elsewhere`)],
])('fails where the folder was %s in the middle, and fetches anew the next time', async (_, takeAway) => {
  const content = scratch.file('film', 4_000_000);
  const source = new PeerProcess(['share', scratch.at('film'), '--limit-up', '2MiB', ...scratch.local('s'), '--json']);
  await source.event('sharing');
  const get = ['get', await source.address(), '--out', scratch.at('out'), '--exit', ...scratch.local('g'), '--json'];
  const first = new PeerProcess(get);
  await first.progressBeyond(100_000);
  takeAway(scratch.at('out'));
  const { exitCode, stderr } = await first.ended;
  expect(first.events.map((line) => line.event)).not.toContain('complete');
  expect(stderr).toBe(`p2p-peer: ${scratch.at('out', 'film')} is not there any more\n`);
  expect(exitCode).toBe(1);

  expect((await runPeer(get)).exitCode).toBe(0);
  expect(scratch.read('out', 'film').equals(content)).toBe(true);
});
