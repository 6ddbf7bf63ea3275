/**
 * The foreign clients among themselves, without our node. When these pass and the other suites fail, the fault is ours;
 * when these fail, it is the driver's or the client's.
 */
import { describe } from 'vitest';

import { LibtorrentClient, makeTorrent } from '../src/index.js';
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
