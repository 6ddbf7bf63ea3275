// What is shared is in its owner's hands. A node that goes on offering what is there no more sends rejects, or data that is taken
// for a polluter's.
import { copyFileSync, renameSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';

import { expect, it } from 'vitest';

import { PeerProcess, runPeer } from './peer-process.js';
import { useScratchFolder } from './use-scratch-folder.js';

const LENGTH = 3_000_000;
const scratch = useScratchFolder();

async function startShare(...names: readonly string[]): Promise<PeerProcess> {
  const peer = new PeerProcess(['share', ...names.map((name) => scratch.at(name)), ...scratch.local('s'), '--json']);
  await peer.event('progress');
  return peer;
}

function get(magnet: unknown): string[] {
  return ['get', String(magnet), '--out', scratch.at('out'), '--exit', ...scratch.local('g'), '--json'];
}

it.each([
  ['deleted', 'not-found', (path: string) => rmSync(path)],
  ['moved', 'not-found', (path: string) => renameSync(path, `${path}-elsewhere`)],
  ['cut off', 'changed', (path: string) => truncateSync(path, 1_000_000)],
  ['edited', 'changed', (path: string) => writeFileSync(path, 'my own words', { flag: 'r+' })],
  [
    'replaced',
    'changed',
    (path: string) => {
      scratch.file('other', LENGTH);
      renameSync(scratch.at('other'), path);
    },
  ],
])('ends with 1 and says so when all it shares was %s', async (_, code, change) => {
  scratch.file('film', LENGTH);
  // Else the change could fall into the same tick of the file system's clock.
  utimesSync(scratch.at('film'), 1_000_000_000, 1_000_000_000);
  const share = await startShare('film');
  const { magnet } = await share.event('sharing');
  change(scratch.at('film'));
  const reader = new PeerProcess(get(magnet));
  const { exitCode, stderr } = await share.ended;
  expect(exitCode).toBe(1);
  expect(share.events.filter(({ event }) => event === 'error')).toMatchObject([{ code }]);
  expect(stderr).toContain(scratch.at('film'));
  reader.kill('SIGTERM');
  await reader.ended;
});

it('shares the rest on', async () => {
  scratch.file('film', LENGTH);
  const song = scratch.file('song', 300_000);
  const share = await startShare('film', 'song');
  const [films, songs] = share.events.filter(({ event }) => event === 'sharing');
  rmSync(scratch.at('film'));
  const reader = new PeerProcess(get(films?.['magnet']));
  expect(await share.event('error')).toMatchObject({ code: 'not-found' });
  reader.kill('SIGTERM');
  await reader.ended;
  expect((await runPeer(get(songs?.['magnet']))).exitCode).toBe(0);
  expect(scratch.read('out', 'song').equals(song)).toBe(true);
  share.kill('SIGINT');
  expect((await share.ended).exitCode).toBe(130);
});

it('shares on what was only touched, or put back', async () => {
  const content = scratch.file('film', LENGTH);
  copyFileSync(scratch.at('film'), scratch.at('copy'));
  const share = await startShare('film');
  renameSync(scratch.at('copy'), scratch.at('film'));
  const { magnet } = await share.event('sharing');
  expect((await runPeer(get(magnet))).exitCode).toBe(0);
  expect(scratch.read('out', 'film').equals(content)).toBe(true);
  expect(share.events.map(({ event }) => event)).not.toContain('error');
});
