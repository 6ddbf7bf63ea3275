import { mkdirSync } from 'node:fs';

import { expect, it } from 'vitest';

import { readTorrentFile } from '../src/read-torrent-file.js';
import { useScratchFolder } from './use-scratch-folder.js';

const scratch = useScratchFolder();
const { signal } = new AbortController();

it('says of a file that is missing only what can be meant in its place', async () => {
  const path = scratch.at('127.0.0.1:6881');
  await expect(readTorrentFile(path, signal)).rejects.toMatchObject({
    code: 'not-found',
    message: `there is no file ${path}`,
  });
  await expect(readTorrentFile(path, signal, 'no magnet link')).rejects.toMatchObject({
    code: 'not-found',
    message: `"${path}" is no magnet link, and there is no file of that name`,
  });
});

it('calls a folder a folder', async () => {
  mkdirSync(scratch.at('photos'));
  await expect(readTorrentFile(scratch.at('photos'), signal)).rejects.toMatchObject({
    code: 'failed',
    message: `${scratch.at('photos')} is a folder, not a .torrent file`,
  });
});
