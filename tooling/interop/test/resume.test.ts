/** A download from a foreign seeder that survives kill -9, and does not begin anew. */
import { describe, expect } from 'vitest';

import { LibtorrentClient, makeFile, makeTorrent, numberField, OurNode } from '../src/index.js';
import { expectSameContent, interopTest } from './interop-test.js';

const MIB = 1024 * 1024;
const FILE_BYTES = 24 * MIB;
const PIECE_BYTES = 64 * 1024;
const BYTES_PER_SECOND = 4 * MIB;
/** Verified data is synced after at most a second (decision D11): that much, and what was in flight, may come again. */
const MAX_REPEATED_BYTES = 2 * BYTES_PER_SECOND;

describe('a download that was killed', () => {
  interopTest('goes on where it was, with libtorrent as the seeder', ['libtorrent'], async (scene) => {
    const path = await makeFile(scene.path('in', 'a.bin'), FILE_BYTES);
    const torrent = await makeTorrent(path, scene.path('a.torrent'), PIECE_BYTES);
    const seeder = scene.add(new LibtorrentClient(scene.site()));
    const address = await seeder.seed(torrent, scene.path('in'));
    seeder.limit({ up: BYTES_PER_SECOND, down: 0 });
    const site = scene.site();

    const first = scene.add(new OurNode(site));
    await first.fetch({ kind: 'torrent', torrent }, scene.path('out'), [address]);
    const progress = await first.event('progress', (event) => numberField(event, 'bytes') >= FILE_BYTES / 2);
    await first.crash();
    const repeatable = (await seeder.uploadedBytes()) - numberField(progress, 'bytes') + MAX_REPEATED_BYTES;

    seeder.limit({ up: 0, down: 0 });
    const second = scene.add(new OurNode(site));
    const { completed } = await second.fetch({ kind: 'torrent', torrent }, scene.path('out'), [address]);
    await completed;

    await expectSameContent(second, scene.path('out', 'a.bin'), path);
    expect(await seeder.uploadedBytes()).toBeLessThan(FILE_BYTES + repeatable);
  });
});
