// A peer that sends wrong bytes: whoever fetches is told that it is not asked any more, and why nothing arrives.
import { createMemoryPieceStore, createMetainfo } from '@p2p/storage';
import { PeerNode, type Storage } from '@p2p/swarm';
import { createNodePorts } from '@p2p/swarm/node';
import { formatPeerAddress, type PeerAddress } from '@p2p/wire';
import { afterEach, beforeEach, expect, it } from 'vitest';

import { PeerProcess, runPeer, stopAll } from './peer-process.js';
import { ScratchFolder } from './scratch-folder.js';

let scratch: ScratchFolder;
let polluter: PeerNode | undefined;

beforeEach(() => {
  scratch = new ScratchFolder();
});

afterEach(async () => {
  await stopAll();
  await new Promise<void>((resolve) => {
    if (polluter === undefined) resolve();
    else polluter.stop(resolve);
  });
  scratch.remove();
});

/** Starts a node in this process that has a file, as it claims, and sends every block of it as zeros. */
async function startPolluter(name: string): Promise<string> {
  const { metainfo } = await createMetainfo(scratch.at(name));
  const store = createMemoryPieceStore(metainfo, scratch.read(name));
  const storage: Storage = {
    writeBlock: () => undefined,
    commitPiece: (piece, done) => {
      store.commitPiece(piece, done);
    },
    discardPiece: () => undefined,
    readBlock: (block, done) => {
      store.readBlock(block, (outcome) => {
        done(outcome.kind === 'read' ? { ...outcome, data: new Uint8Array(block.length) } : outcome);
      });
    },
  };
  const node = new PeerNode(createNodePorts({ bind: '127.0.0.1' }));
  polluter = node;
  node.addSwarm({ infoHash: metainfo.infoHash, content: { metainfo, storage, have: store.have() } }, () => undefined);
  const address = await new Promise<PeerAddress>((resolve, reject) => {
    node.listen({ host: '127.0.0.1', port: 0 }, (result) => {
      if (result.kind === 'listening') resolve(result.address);
      else reject(result.error);
    });
  });
  return formatPeerAddress(address);
}

it('is named, and the reason of the standstill is not that no peer was named', async () => {
  scratch.file('film', 300_000);
  await runPeer(['create', scratch.at('film'), '-o', scratch.at('t.torrent')]);
  const address = await startPolluter('film');
  const place = ['--out', scratch.at('out'), '--state-dir', scratch.at('state'), '--port', '0', '--bind', '127.0.0.1'];
  const peer = new PeerProcess(['get', scratch.at('t.torrent'), '--peer', address, ...place]);
  await peer.line(
    'Not downloading: what came was corrupt, and nobody else is known; name another peer with --peer HOST:PORT.',
  );
  peer.kill('SIGTERM');
  expect((await peer.ended).stderr).toBe(`p2p-peer: ${address} sent corrupt data and is not asked any more\n`);
});
