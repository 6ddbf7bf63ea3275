// The mission's own form, as processes: a file goes from one to another, and from there to a third that never knew the
// first.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';

import { expect, it } from 'vitest';

import type { PeerProcess } from './peer-process.js';
import { sha1Hex } from './scratch-folder.js';
import { startFile } from './file-process.js';
import { useScratchFolder } from './use-scratch-folder.js';

const LENGTH = 12 * 1024 * 1024 + 12_345;
const scratch = useScratchFolder();

/** The same, told one peer. */
async function fetchFrom(peer: PeerProcess, name: string): Promise<PeerProcess> {
  return startFile(scratch, name, '--peer', await peer.address());
}

it('passes a file to a second process, and from there to a third when the first is gone', async () => {
  const content = scratch.file('F', LENGTH);
  const sha1 = sha1Hex(content);
  const first = startFile(scratch, 'F');
  const shared = await first.event('sharing');
  expect(shared).toMatchObject({ name: 'F', length: LENGTH });
  expect(shared['magnet']).toContain(`x.pe=${await first.address()}`);

  const second = await fetchFrom(first, 'G');
  const complete = await second.event('complete');
  expect(complete).toMatchObject({ path: scratch.at('G'), length: LENGTH, sha1 });
  expect(scratch.read('G').equals(content)).toBe(true);
  expect(await second.event('seeding')).toEqual({ event: 'seeding', infoHash: shared['infoHash'] });
  const kinds = second.events.map((line) => line.event).filter((kind) => kind !== 'peer');
  expect(kinds.slice(0, 3)).toEqual(['listening', 'metadata', 'progress']);
  expect(kinds.indexOf('seeding')).toBe(kinds.indexOf('complete') + 1);
  const lastProgress = second.events.filter((line) => line.event === 'progress').at(-1);
  expect(lastProgress).toMatchObject({ bytes: LENGTH, total: LENGTH });

  first.kill('SIGKILL');
  await first.ended;
  const third = await fetchFrom(second, 'H');
  expect(await third.event('complete')).toMatchObject({ path: scratch.at('H'), length: LENGTH, sha1 });
  expect(scratch.read('H').equals(content)).toBe(true);
});

it('joins all who know only the first: the second hears of the third by peer exchange', async () => {
  const content = scratch.file('F', LENGTH);
  // Slow enough for all three to be there at the same time.
  const first = startFile(scratch, 'F', '--limit-up', '4MiB');
  await first.event('sharing');
  const others = [await fetchFrom(first, 'G'), await fetchFrom(first, 'H'), await fetchFrom(first, 'I')];
  for (const other of others) await other.event('complete');
  for (const name of ['G', 'H', 'I']) expect(scratch.read(name).equals(content)).toBe(true);
  const addresses = await Promise.all(others.map(async (other) => other.address()));
  const links = others.flatMap((other) => other.events.filter((line) => line.event === 'peer'));
  expect(links.some((line) => addresses.includes(String(line['address'])))).toBe(true);
});

it('takes up a complete copy at once, without its seeder, in the same swarm', async () => {
  const content = scratch.file('F', LENGTH);
  const first = startFile(scratch, 'F');
  const { infoHash } = await first.event('sharing');
  const second = await fetchFrom(first, 'G');
  await second.event('complete');
  for (const peer of [first, second]) peer.kill('SIGTERM');
  expect((await second.ended).exitCode).toBe(143);

  const again = startFile(scratch, 'G');
  expect(await again.event('complete')).toMatchObject({ sha1: sha1Hex(content), seconds: 0 });
  // Not the hash of a torrent made anew from a file called G: peers of the old one would not find it.
  expect(await again.event('seeding')).toEqual({ event: 'seeding', infoHash });
});

it('fetches a folder to exactly the path given, empty files included', async () => {
  mkdirSync(scratch.at('album', 'sub'), { recursive: true });
  const song = scratch.file('album/song', 300_000);
  writeFileSync(scratch.at('album', 'sub', 'one byte'), 'x');
  writeFileSync(scratch.at('album', 'empty'), '');
  const first = startFile(scratch, 'album');
  await first.event('sharing');
  const second = await fetchFrom(first, 'copy');
  expect(await second.event('complete')).toMatchObject({ path: scratch.at('copy'), length: 300_001 });
  expect(readdirSync(scratch.at('copy'), { recursive: true }).sort()).toEqual(['empty', 'song', 'sub', 'sub/one byte']);
  expect(scratch.read('copy', 'song').equals(song)).toBe(true);
  expect(scratch.read('copy', 'empty')).toHaveLength(0);
  expect(scratch.read('copy', 'sub', 'one byte').toString()).toBe('x');
});
