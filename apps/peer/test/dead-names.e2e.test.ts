// Links outlive the machines they name: a name that stands for nothing any more keeps nobody from the peers that are there.
import { expect, it } from 'vitest';

import { PeerProcess, runPeer } from './peer-process.js';
import { useScratchFolder } from './use-scratch-folder.js';

const WARNING = 'p2p-peer: the name gone.invalid stands for no address; check its spelling, or give the address\n';
const scratch = useScratchFolder();

/** Shares a file, with a dead name among the peers to begin with. */
async function share(): Promise<{ readonly content: Buffer; readonly magnet: string; readonly address: string }> {
  const content = scratch.file('film', 300_000);
  const peer = new PeerProcess([
    'share',
    scratch.at('film'),
    '--peer',
    'gone.invalid:1',
    ...scratch.local('s'),
    '--json',
  ]);
  const { magnet } = await peer.event('sharing');
  return { content, magnet: String(magnet), address: await peer.address() };
}

it('fetches by a magnet link that names one peer that is gone and one that is not', async () => {
  const { content, magnet } = await share();
  const link = `${magnet}&x.pe=gone.invalid:1`;
  const get = await runPeer(['get', link, '--out', scratch.at('out'), '--exit', ...scratch.local('g')]);
  expect(get).toMatchObject({ exitCode: 0, stderr: WARNING });
  expect(scratch.read('out', 'film').equals(content)).toBe(true);
});

it('shares on what was fetched to a path, though the peer of that time is gone', async () => {
  const { address } = await share();
  const file = ['--file', scratch.at('copy'), ...scratch.local('f'), '--json'];
  const first = new PeerProcess([...file, '--peer', 'gone.invalid:1', '--peer', address]);
  await first.event('complete');
  first.kill('SIGTERM');
  expect((await first.ended).stderr).toBe(WARNING);
  const again = new PeerProcess([...file, '--peer', 'gone.invalid:1']);
  expect(await again.event('complete')).toMatchObject({ seconds: 0 });
});

it('fails, and says why, where the dead name is all there is', async () => {
  const { magnet } = await share();
  const link = magnet.replace(/x\.pe=[^&]*/, 'x.pe=gone.invalid:1');
  const out = ['--out', scratch.at('out'), ...scratch.local('g')];
  for (const args of [
    ['get', link, ...out],
    ['get', 'gone.invalid:1', ...out],
    ['list', 'gone.invalid:1'],
    ['--file', scratch.at('none'), '--peer', 'gone.invalid:1', ...scratch.local('f')],
  ]) {
    expect(await runPeer(args)).toMatchObject({ exitCode: 1, stderr: WARNING });
  }
});
