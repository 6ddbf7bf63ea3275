/**
 * The foreign clients among themselves, without our node. When these pass and the other suites fail, the fault is ours;
 * when these fail, it is the driver's or the client's.
 */
import { describe, expect } from 'vitest';

import { formatAddress, LibtorrentClient, makeFile, makeTorrent } from '../src/index.js';
import { contents, expectSameContent, foreignClients, interopTest } from './interop-test.js';

describe.for(foreignClients)('$name and libtorrent, without us', ({ name, create }) => {
  for (const { title, make, pieceBytes } of contents) {
    interopTest(`${name} downloads ${title}`, ['libtorrent', name], async (scene) => {
      const path = await make(scene);
      const torrent = await makeTorrent(path, scene.path('content.torrent'), pieceBytes);
      const leecher = create(scene);
      const fetching = await leecher.fetch({ kind: 'torrent', torrent }, scene.path('out'), []);
      const seeder = scene.add(new LibtorrentClient(scene.site()));
      await seeder.seed(torrent, scene.path('in'));
      seeder.connect([fetching.address]);
      await fetching.completed;
      await expectSameContent(leecher, scene.path('out', torrent.name), path);
    });

    interopTest(`${name} uploads ${title}`, ['libtorrent', name], async (scene) => {
      const path = await make(scene);
      const torrent = await makeTorrent(path, scene.path('content.torrent'), pieceBytes);
      const address = await create(scene).seed(torrent, scene.path('in'));
      const leecher = scene.add(new LibtorrentClient(scene.site()));
      const fetching = await leecher.fetch({ kind: 'torrent', torrent }, scene.path('out'), [address]);
      await fetching.completed;
      await expectSameContent(leecher, scene.path('out', torrent.name), path);
    });
  }
});

describe('libtorrent alone', () => {
  interopTest(
    'learns a seeder by peer exchange on the private network',
    ['libtorrent', 'private network'],
    async (scene) => {
      const path = await makeFile(scene.path('in', 'a.bin'), 1024 * 1024);
      const torrent = await makeTorrent(path, scene.path('a.torrent'), 65_536);
      const seeder = scene.add(
        new LibtorrentClient(scene.site(), { settings: { seeding_outgoing_connections: false } }),
      );
      const seederAddress = await seeder.seed(torrent, scene.path('in'));
      const middle = scene.add(new LibtorrentClient(scene.site()));
      // It must not be done, and so part from the seeder, before its next message of peers is due: that is after 60 s.
      middle.limit({ up: 20_000, down: 8_000 });
      const { address } = await middle.fetch({ kind: 'torrent', torrent }, scene.path('middle'), [seederAddress]);

      const leecher = scene.add(new LibtorrentClient(scene.site()));
      leecher.limit({ up: 0, down: 200_000 });
      const { completed } = await leecher.fetch({ kind: 'torrent', torrent }, scene.path('out'), [address]);

      const learnt = await leecher.findPeer((peer) => peer.address.host === seederAddress.host, 'the seeder as a peer');
      expect(learnt).toMatchObject({ address: seederAddress, isFromPex: true });
      await completed;
    },
  );

  interopTest('needs no more than a magnet link with x.pe', ['libtorrent'], async (scene) => {
    const path = await makeFile(scene.path('in', 'a.bin'), 1024 * 1024);
    const torrent = await makeTorrent(path, scene.path('a.torrent'), 65_536);
    const address = await scene.add(new LibtorrentClient(scene.site())).seed(torrent, scene.path('in'));

    const leecher = scene.add(new LibtorrentClient(scene.site()));
    const uri = `magnet:?xt=urn:btih:${torrent.infoHash}&x.pe=${formatAddress(address)}`;
    await (
      await leecher.fetch({ kind: 'magnet', uri }, scene.path('out'), [])
    ).completed;
    await expectSameContent(leecher, scene.path('out', 'a.bin'), path);
  });
});
