/** Two nodes in virtual time: the same code as over TCP, and a minute of it takes milliseconds. */
import { PeerNode } from '@p2p/swarm';
import { MemoryNetwork, SeededRandom, VirtualClock } from '@p2p/swarm/testing';

import { emptyContent, fullContent } from './content.js';

const clock = new VirtualClock();
const random = new SeededRandom('two peers');
const network = new MemoryNetwork(clock, { latencyMs: 20 });
const address = { host: '10.0.0.1', port: 6881 };

const seeder = new PeerNode({ clock, random: random.fork('seeder'), transport: network.host('10.0.0.1') });
const leecher = new PeerNode({ clock, random: random.fork('leecher'), transport: network.host('10.0.0.2') });
const full = fullContent('Hello, swarm! '.repeat(10_000), clock);
const { content, text } = emptyContent(full.metainfo, clock);
const { infoHash } = full.metainfo;

seeder.listen(address, () => undefined);
seeder.addSwarm({ infoHash, content: full }, () => undefined);
leecher.addSwarm({ infoHash, content, peers: [address] }, (event) => {
  if (event.kind !== 'complete') return;
  process.stdout.write(`fetched ${String(text().length)} letters after ${clock.now().toFixed(0)} virtual ms\n`);
});
clock.runFor(60_000);
