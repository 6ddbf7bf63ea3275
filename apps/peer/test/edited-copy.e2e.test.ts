// A copy that was fetched belongs to its owner: started again without --peer, the node shares whatever lies there and
// changes none of it.
import { mkdirSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';

import { expect, it } from 'vitest';

import { type EventLine, stopAll } from './peer-process.js';
import { startFile } from './file-process.js';
import { useScratchFolder } from './use-scratch-folder.js';

const LENGTH = 3_000_000;
const scratch = useScratchFolder();

/** Fetches the original to the copy, and ends that node; the original is shared on, and would repair what it could. */
async function fetchCopy(): Promise<void> {
  const source = startFile(scratch, 'original');
  await source.event('sharing');
  const copy = startFile(scratch, 'copy', '--peer', await source.address());
  await copy.event('complete');
  copy.kill('SIGTERM');
  await copy.ended;
}

/** Starts the node for the copy alone, until it shares. */
async function shareCopy(): Promise<{ readonly sharing: EventLine; readonly events: readonly EventLine[] }> {
  const peer = startFile(scratch, 'copy');
  const sharing = await peer.event('sharing');
  return { sharing, events: peer.events };
}

it('shares a copy that was edited and shortened, and leaves every byte as it is', async () => {
  const content = scratch.file('original', LENGTH);
  await fetchCopy();
  const edited = Buffer.from(content.subarray(0, LENGTH - 1_000_000));
  edited.write('my own words', 100);
  writeFileSync(scratch.at('copy'), edited);
  const { sharing, events } = await shareCopy();
  expect(sharing).toMatchObject({ name: 'copy', length: edited.length });
  expect(events.map((line) => line.event)).not.toContain('metadata');
  expect(scratch.read('copy').equals(edited)).toBe(true);
});

it('shares a copy that was edited and kept its length, and leaves every byte as it is', async () => {
  const content = scratch.file('original', LENGTH);
  await fetchCopy();
  content.write('my own words', 100);
  writeFileSync(scratch.at('copy'), content);
  const { sharing } = await shareCopy();
  expect(sharing).toMatchObject({ name: 'copy', length: LENGTH });
  expect(scratch.read('copy').equals(content)).toBe(true);
  // The next start finds the same: what was found is not taken for a download that goes on.
  await stopAll();
  expect((await shareCopy()).sharing).toMatchObject({ infoHash: sharing['infoHash'] });
  expect(scratch.read('copy').equals(content)).toBe(true);
});

it('shares a folder of which a file was taken away, and does not bring it back', async () => {
  mkdirSync(scratch.at('original'));
  scratch.file('original/song', 300_000);
  scratch.file('original/film', 500_000);
  await fetchCopy();
  rmSync(scratch.at('copy', 'film'));
  const { sharing } = await shareCopy();
  expect(sharing).toMatchObject({ name: 'copy', length: 300_000 });
  expect(() => scratch.read('copy', 'film')).toThrow('ENOENT');
});

it('stays in the swarm of a copy that was only touched', async () => {
  scratch.file('original', LENGTH);
  await fetchCopy();
  utimesSync(scratch.at('copy'), new Date(), new Date());
  const peer = startFile(scratch, 'copy');
  expect(await peer.event('complete')).toMatchObject({ length: LENGTH, seconds: 0 });
});

it('takes up a copy that is named with --peer, however short it is', async () => {
  const content = scratch.file('original', LENGTH);
  await fetchCopy();
  truncateSync(scratch.at('copy'), 1_000_000);
  const source = startFile(scratch, 'original');
  await source.event('sharing');
  const copy = startFile(scratch, 'copy', '--peer', await source.address());
  expect(await copy.event('complete')).toMatchObject({ length: LENGTH });
  expect(scratch.read('copy').equals(content)).toBe(true);
});
