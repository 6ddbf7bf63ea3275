import { readdirSync, writeFileSync } from 'node:fs';

import { createMetainfo } from '@p2p/storage';
import { fromHex, toHex } from '@p2p/wire';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { StateFolder } from '../src/state-folder.js';
import { ScratchFolder } from './scratch-folder.js';

const HASH = fromHex('0123456789abcdef0123456789abcdef01234567');

let scratch: ScratchFolder;
let state: StateFolder;

beforeEach(() => {
  scratch = new ScratchFolder();
  state = new StateFolder(scratch.at('state'));
});

afterEach(() => {
  scratch.remove();
});

describe('StateFolder', () => {
  it('knows nothing at first, and makes nothing by being asked', async () => {
    expect(await state.readMetainfo(HASH)).toBeUndefined();
    expect(await state.readPeers(HASH)).toEqual([]);
    expect(await state.readPathRecord('/a')).toBeUndefined();
    expect(readdirSync(scratch.path)).toEqual([]);
  });

  it('gives metainfo back', async () => {
    scratch.file('film', 100_000);
    const { metainfo } = await createMetainfo(scratch.at('film'));
    await state.saveMetainfo(metainfo);
    expect(await state.readMetainfo(metainfo.infoHash)).toEqual(metainfo);
  });

  it('does not take one torrent for another, nor rubbish for a torrent', async () => {
    scratch.file('film', 100_000);
    const { metainfo, torrentBytes } = await createMetainfo(scratch.at('film'));
    await state.saveMetainfo(metainfo);
    writeFileSync(scratch.at('state', 'torrents', `${toHex(HASH)}.torrent`), torrentBytes);
    expect(await state.readMetainfo(HASH)).toBeUndefined();
    writeFileSync(scratch.at('state', 'torrents', `${toHex(metainfo.infoHash)}.torrent`), 'rubbish');
    expect(await state.readMetainfo(metainfo.infoHash)).toBeUndefined();
  });

  it('gives addresses back in their order, at most 200', async () => {
    const peers = Array.from({ length: 300 }, (_, index) => ({
      host: index % 2 === 0 ? '10.0.0.1' : '::1',
      port: index + 1,
    }));
    await state.savePeers(HASH, peers);
    expect(await state.readPeers(HASH)).toEqual(peers.slice(0, 200));
  });

  it.each(['', '{}', '[1, null, "x", "10.0.0.1", "10.0.0.1:0"]', '"10.0.0.1:5"'])(
    'takes %s in the place of addresses for none',
    async (text) => {
      await state.savePeers(HASH, [{ host: '10.0.0.1', port: 1 }]);
      writeFileSync(scratch.at('state', 'peers', `${toHex(HASH)}.json`), text);
      expect(await state.readPeers(HASH)).toEqual([]);
    },
  );

  it('remembers what was fetched to a path, however the path is written', async () => {
    await state.savePathRecord('/tmp/a/../b', { infoHash: HASH, isComplete: false });
    expect(await state.readPathRecord('/tmp/b')).toEqual({ infoHash: HASH, isComplete: false });
    await state.savePathRecord('/tmp/b', { infoHash: HASH, isComplete: true });
    expect(await state.readPathRecord('/tmp/b')).toEqual({ infoHash: HASH, isComplete: true });
    expect(await state.readPathRecord('/tmp/c')).toBeUndefined();
  });

  it.each(['', 'null', '{}', '{"infoHash":5}', '{"infoHash":"zz"}'])('takes %s for no record', async (text) => {
    await state.savePathRecord('/tmp/b', { infoHash: HASH, isComplete: true });
    const [name = ''] = readdirSync(scratch.at('state', 'paths'));
    writeFileSync(scratch.at('state', 'paths', name), text);
    expect(await state.readPathRecord('/tmp/b')).toBeUndefined();
  });

  it('leaves no temporary file behind', async () => {
    await Promise.all([1, 2, 3].map(async (port) => state.savePeers(HASH, [{ host: '10.0.0.1', port }])));
    expect(readdirSync(scratch.at('state', 'peers'))).toEqual([`${toHex(HASH)}.json`]);
    expect(await state.readPeers(HASH)).toHaveLength(1);
  });
});
