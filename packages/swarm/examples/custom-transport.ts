/** A transport of one's own: the TCP transport, with every byte that leaves counted on its way. */
import { PeerNode, type Connection, type Transport } from '@p2p/swarm';
import { createNodePorts } from '@p2p/swarm/node';

import { emptyContent, fullContent } from './content.js';

let sentBytes = 0;

function counted(connection: Connection): Connection {
  return {
    remote: connection.remote,
    attach: (handler) => {
      connection.attach(handler);
    },
    send: (parts) => {
      for (const part of parts) sentBytes += part.length;
      connection.send(parts);
    },
    close: () => {
      connection.close();
    },
  };
}

function counting(transport: Transport): Transport {
  return {
    listen: (address, onConnection, done) =>
      transport.listen(
        address,
        (connection) => {
          onConnection(counted(connection));
        },
        done,
      ),
    dial: (address, done) =>
      transport.dial(address, (outcome) => {
        done(outcome.kind === 'connected' ? { ...outcome, connection: counted(outcome.connection) } : outcome);
      }),
  };
}

const ports = createNodePorts();
const seeder = new PeerNode({ ...ports, transport: counting(ports.transport) });
const leecher = new PeerNode(createNodePorts());
const full = fullContent('Hello, swarm! '.repeat(10_000));
const { content } = emptyContent(full.metainfo);

seeder.listen({ host: '127.0.0.1', port: 0 }, (result) => {
  if (result.kind === 'failed') throw result.error;
  const { infoHash } = full.metainfo;
  seeder.addSwarm({ infoHash, content: full }, () => undefined);
  leecher.addSwarm({ infoHash, content, peers: [result.address] }, (event) => {
    if (event.kind !== 'complete') return;
    const bytes = full.metainfo.layout.totalBytes;
    process.stdout.write(`the seeder sent ${String(sentBytes)} bytes for a content of ${String(bytes)}\n`);
    for (const node of [seeder, leecher]) node.stop(() => undefined);
  });
});
