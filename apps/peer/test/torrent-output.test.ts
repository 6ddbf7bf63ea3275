import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { findTorrentOutput } from '../src/torrent-output.js';
import { ScratchFolder } from './scratch-folder.js';

let scratch: ScratchFolder;

beforeEach(() => {
  scratch = new ScratchFolder();
  mkdirSync(scratch.at('album', 'sub'), { recursive: true });
  writeFileSync(scratch.at('album', 'song'), 'song');
});

afterEach(() => {
  scratch.remove();
});

describe('findTorrentOutput', () => {
  it.each([['x.torrent'], ['sub', 'x.torrent'], ['new', 'deep', 'x.torrent'], ['..x'], ['song']])(
    'refuses %s in the folder that is described, and names a place beside it',
    async (...names) => {
      const out = scratch.at('album', ...names);
      await expect(findTorrentOutput(out, scratch.at('album'))).rejects.toMatchObject({
        code: 'refused',
        message:
          `${out} lies in ${scratch.at('album')}, and would become a part of what it describes; ` +
          `write it elsewhere, such as ${scratch.at(names.at(-1) ?? '')}`,
      });
    },
  );

  it('finds the folder behind a link, on either side', async () => {
    symlinkSync(scratch.at('album'), scratch.at('link'));
    for (const [out, content] of [
      ['link', 'album'],
      ['album', 'link'],
    ] as const) {
      const found = findTorrentOutput(scratch.at(out, 'x.torrent'), scratch.at(content));
      await expect(found).rejects.toMatchObject({ code: 'refused' });
    }
  });

  it('refuses the very file that is described', async () => {
    const song = scratch.at('album', 'song');
    await expect(findTorrentOutput(song, song)).rejects.toMatchObject({
      code: 'refused',
      message: `${song} is what it describes; write it elsewhere, such as ${song}.torrent`,
    });
  });

  it('takes a place beside the content, whatever it is called', async () => {
    for (const out of [scratch.at('x.torrent'), scratch.at('album.torrent'), scratch.at('new', 'x.torrent')]) {
      expect(await findTorrentOutput(out, scratch.at('album'))).toEqual({ path: out });
    }
    const beside = scratch.at('album', 'x.torrent');
    expect(await findTorrentOutput(beside, scratch.at('album', 'song'))).toEqual({ path: beside });
  });

  it('leaves it to others to say that the content is not there', async () => {
    expect(await findTorrentOutput(scratch.at('x'), scratch.at('none'))).toEqual({ path: scratch.at('x') });
  });
});
