/** Joining with nothing but a magnet link: the info dictionary travels by BEP 9, the address by `x.pe`. */
import { basename } from 'node:path';

import { describe, expect } from 'vitest';

import { createTorrent, formatAddress, LibtorrentClient, makeTorrent, OurNode } from '../src/index.js';
import { contents, expectSameContent, foreignClients, interopTest } from './interop-test.js';

describe.for(foreignClients)('a magnet link between $name and our node', ({ name, create }) => {
  for (const { title, make, pieceBytes } of contents) {
    interopTest(`our node fetches ${title} from ${name} by x.pe`, [name], async (scene) => {
      const path = await make(scene);
      const torrent = await makeTorrent(path, scene.path('content.torrent'), pieceBytes);
      const address = await create(scene).seed(torrent, scene.path('in'));

      const node = scene.add(new OurNode(scene.site()));
      const uri = `magnet:?xt=urn:btih:${torrent.infoHash}&x.pe=${formatAddress(address)}`;
      const { completed } = await node.fetch({ kind: 'magnet', uri }, scene.path('out'), []);

      await completed;
      await expectSameContent(node, scene.path('out', torrent.name), path);
    });
  }

  const [{ title, make, pieceBytes }] = contents;
  interopTest(
    `${name} learns from our node, which dials it, what a magnet link is about: ${title}`,
    [name],
    async (scene) => {
      const path = await make(scene);
      const torrent = await createTorrent(path, scene.path('content.torrent'), pieceBytes);
      const leecher = create(scene);
      const uri = `magnet:?xt=urn:btih:${torrent.infoHash}`;
      const fetching = await leecher.fetch({ kind: 'magnet', uri }, scene.path('out'), []);

      const node = scene.add(new OurNode(scene.site()));
      await node.share(path, pieceBytes, [fetching.address]);

      await fetching.completed;
      await expectSameContent(leecher, scene.path('out', torrent.name), path);
    },
  );
});

describe('our own magnet link', () => {
  interopTest('is all that libtorrent needs', ['libtorrent'], async (scene) => {
    const [{ make, pieceBytes }] = contents;
    const path = await make(scene);
    const node = scene.add(new OurNode(scene.site()));
    const { magnet, address } = await node.share(path, pieceBytes);
    expect(magnet).toContain(`x.pe=${formatAddress(address)}`);

    const leecher = scene.add(new LibtorrentClient(scene.site()));
    const fetching = await leecher.fetch({ kind: 'magnet', uri: magnet }, scene.path('out'), []);

    await fetching.completed;
    await expectSameContent(leecher, scene.path('out', basename(path)), path);
  });
});
