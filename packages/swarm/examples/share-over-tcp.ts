/** Two nodes on this machine: one shares a text, the other fetches it, over TCP. */
import { PeerNode } from '@p2p/swarm';
import { createNodePorts } from '@p2p/swarm/node';

import { emptyContent, fullContent } from './content.js';

const seeder = new PeerNode(createNodePorts());
const leecher = new PeerNode(createNodePorts());
const full = fullContent('Hello, swarm! '.repeat(10_000));
const { content, text } = emptyContent(full.metainfo);

seeder.listen({ host: '127.0.0.1', port: 0 }, (result) => {
  if (result.kind === 'failed') throw result.error;
  const { infoHash } = full.metainfo;
  seeder.addSwarm({ infoHash, content: full }, () => undefined);
  leecher.addSwarm({ infoHash, content, peers: [result.address] }, (event) => {
    if (event.kind !== 'complete') return;
    process.stdout.write(`fetched ${String(text().length)} letters\n`);
    for (const node of [seeder, leecher]) node.stop(() => undefined);
  });
});
