/** One swarm of everybody, with a file that only our node had at the start. */
import { describe } from 'vitest';

import { createTorrent, makeFile, OurNode, type PeerAddress } from '../src/index.js';
import { expectSameContent, foreignClients, interopTest } from './interop-test.js';

const FILE_BYTES = 12 * 1024 * 1024 + 12_345;
const PIECE_BYTES = 64 * 1024;

describe('a mixed swarm', () => {
  const names = foreignClients.map(({ name }) => name);
  interopTest(`gets a file that only our node had: ${names.join(', ')} and two of ours`, names, async (scene) => {
    const path = await makeFile(scene.path('in', 'a.bin'), FILE_BYTES);
    const torrent = await createTorrent(path, scene.path('a.torrent'), PIECE_BYTES);
    const foreign = foreignClients.map(({ create }) => create(scene));
    const foreignFetching = await Promise.all(
      foreign.map((client) => client.fetch({ kind: 'torrent', torrent }, scene.path('out', client.name), [])),
    );

    // The one that has the file dials those who cannot dial; our two leechers know nobody but it.
    const seeder = scene.add(new OurNode(scene.site()));
    const { address } = await seeder.share(
      path,
      PIECE_BYTES,
      foreignFetching.map((fetching) => fetching.address),
    );
    const ours = ['ours-1', 'ours-2'].map((folder) => ({ folder, node: scene.add(new OurNode(scene.site())) }));
    const join = (node: OurNode, folder: string, peer: PeerAddress) =>
      node.fetch({ kind: 'torrent', torrent }, scene.path('out', folder), [peer]);
    const ourFetching = await Promise.all(ours.map(({ node, folder }) => join(node, folder, address)));

    await Promise.all([...foreignFetching, ...ourFetching].map((fetching) => fetching.completed));
    for (const client of foreign) await expectSameContent(client, scene.path('out', client.name, 'a.bin'), path);
    for (const { node, folder } of ours) await expectSameContent(node, scene.path('out', folder, 'a.bin'), path);
  });
});
