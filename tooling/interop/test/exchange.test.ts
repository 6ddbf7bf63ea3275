/** Every client as leecher of our node and as seeder for it, over every kind of content. */
import { describe, expect } from 'vitest';

import { createTorrent, makeTorrent, OurNode } from '../src/index.js';
import { contents, expectSameContent, foreignClients, interopTest } from './interop-test.js';

describe.for(foreignClients)('$name and our node', ({ name, create }) => {
  for (const { title, make, pieceBytes } of contents) {
    interopTest(`${name} downloads ${title} from our node`, [name], async (scene) => {
      const path = await make(scene);
      const torrent = await createTorrent(path, scene.path('content.torrent'), pieceBytes);
      const leecher = create(scene);
      const fetching = await leecher.fetch({ kind: 'torrent', torrent }, scene.path('out'), []);

      const node = scene.add(new OurNode(scene.site()));
      const { infoHash } = await node.share(path, pieceBytes, [fetching.address]);

      expect(infoHash).toBe(torrent.infoHash);
      await fetching.completed;
      await expectSameContent(leecher, scene.path('out', torrent.name), path);
    });

    interopTest(`${name} uploads ${title} to our node`, [name], async (scene) => {
      const path = await make(scene);
      const torrent = await makeTorrent(path, scene.path('content.torrent'), pieceBytes);
      const address = await create(scene).seed(torrent, scene.path('in'));

      const node = scene.add(new OurNode(scene.site()));
      const { completed } = await node.fetch({ kind: 'torrent', torrent }, scene.path('out'), [address]);

      await completed;
      await expectSameContent(node, scene.path('out', torrent.name), path);
    });
  }
});
