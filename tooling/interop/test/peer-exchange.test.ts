/**
 * Addresses learnt from libtorrent and taught to it (BEP 11), on a private network whose addresses are not loopback. Nobody
 * is told more than the address of the one in the middle, who has next to nothing, so who completes has learnt.
 */
import { describe, expect } from 'vitest';

import { formatAddress, LibtorrentClient, makeFile, makeTorrent, OurNode } from '../src/index.js';
import { expectSameContent, interopTest } from './interop-test.js';

const FILE_BYTES = 4 * 1024 * 1024;
const PIECE_BYTES = 64 * 1024;
const TRICKLE_BYTES_PER_SECOND = 50_000;
const NO_LIMIT = { up: 0, down: 0 };
/** The seeder never dials, so that a connection with it was made by the one who learnt its address. */
const DOES_NOT_DIAL = { settings: { seeding_outgoing_connections: false } };
/** Two libtorrents that dial each other at once may both hang up, and would wait a minute before they try again. */
const RECONNECTS_SOON = { settings: { min_reconnect_time: 1 } };

describe('peer exchange with libtorrent', () => {
  interopTest('teaches our node a seeder that it was not told of', ['libtorrent', 'private network'], async (scene) => {
    const path = await makeFile(scene.path('in', 'a.bin'), FILE_BYTES);
    const torrent = await makeTorrent(path, scene.path('a.torrent'), PIECE_BYTES);
    const seeder = scene.add(new LibtorrentClient(scene.site(), DOES_NOT_DIAL));
    const seederAddress = await seeder.seed(torrent, scene.path('in'));
    const middle = scene.add(new LibtorrentClient(scene.site()));
    middle.limit({ up: TRICKLE_BYTES_PER_SECOND, down: TRICKLE_BYTES_PER_SECOND });
    const { address } = await middle.fetch({ kind: 'torrent', torrent }, scene.path('middle'), [seederAddress]);

    const node = scene.add(new OurNode(scene.site()));
    const { completed } = await node.fetch({ kind: 'torrent', torrent }, scene.path('out'), [address]);

    await node.event('peer', (event) => event['address'] === formatAddress(seederAddress));
    await completed;
    await expectSameContent(node, scene.path('out', 'a.bin'), path);
  });

  interopTest('learns a seeder from our node', ['libtorrent', 'private network'], async (scene) => {
    const path = await makeFile(scene.path('in', 'a.bin'), FILE_BYTES);
    const torrent = await makeTorrent(path, scene.path('a.torrent'), PIECE_BYTES);
    const seeder = scene.add(new LibtorrentClient(scene.site(), DOES_NOT_DIAL));
    const seederAddress = await seeder.seed(torrent, scene.path('in'));
    seeder.limit({ up: TRICKLE_BYTES_PER_SECOND, down: 0 });
    const node = scene.add(new OurNode(scene.site()));
    const { address } = await node.fetch({ kind: 'torrent', torrent }, scene.path('middle'), [seederAddress]);

    const leecher = scene.add(new LibtorrentClient(scene.site()));
    const { completed } = await leecher.fetch({ kind: 'torrent', torrent }, scene.path('out'), [address]);

    const learnt = await leecher.findPeer((peer) => peer.address.host === seederAddress.host, 'the seeder as a peer');
    expect(learnt).toMatchObject({ address: seederAddress, isFromPex: true });
    seeder.limit(NO_LIMIT);
    await completed;
    await expectSameContent(leecher, scene.path('out', 'a.bin'), path);
  });

  interopTest('learns from our node who else dialled it', ['libtorrent', 'private network'], async (scene) => {
    const path = await makeFile(scene.path('in', 'a.bin'), FILE_BYTES);
    const torrent = await makeTorrent(path, scene.path('a.torrent'), PIECE_BYTES);
    const node = scene.add(new OurNode(scene.site()));
    const address = await node.seed(torrent, scene.path('in'));
    const leechers = [1, 2].map(() => scene.add(new LibtorrentClient(scene.site(), RECONNECTS_SOON)));
    for (const leecher of leechers) leecher.limit({ up: 0, down: TRICKLE_BYTES_PER_SECOND });

    const [first, second] = await Promise.all(
      leechers.map((leecher, index) =>
        leecher.fetch({ kind: 'torrent', torrent }, scene.path(`out-${index}`), [address]),
      ),
    );

    // Whichever of the two is quicker dials the other: only its side knows the address by peer exchange.
    const [one, other] = await Promise.all([
      leechers[0]?.findPeer((peer) => peer.address.host === second?.address.host, 'the second leecher as a peer'),
      leechers[1]?.findPeer((peer) => peer.address.host === first?.address.host, 'the first leecher as a peer'),
    ]);
    expect([one?.isFromPex, other?.isFromPex]).toContain(true);
    for (const leecher of leechers) leecher.limit(NO_LIMIT);
    await Promise.all([first?.completed, second?.completed]);
  });
});
