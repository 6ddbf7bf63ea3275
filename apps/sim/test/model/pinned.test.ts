// The same numbers on every machine and every version of Node. Traffic is scripted, no node decides anything, so that only a
// change of chance, of time, of the network or of the fingerprint itself moves these digits; then pin them anew.
import type { ConnectionHandler } from '@p2p/swarm';
import { SeededRandom, VirtualClock } from '@p2p/swarm/testing';
import { expect, it } from 'vitest';

import { ChunkLinks } from '../../src/model/links/chunk-links.js';
import { FluidLinks } from '../../src/model/links/fluid-links.js';
import type { LinkModel } from '../../src/model/links/link-model.js';
import { LINK_PRESETS } from '../../src/model/links/presets.js';
import { SimNetwork } from '../../src/model/network/sim-network.js';
import { RunTrace } from '../../src/model/run-trace.js';

const DEAF: ConnectionHandler = { received: () => undefined, flushed: () => undefined, closed: () => undefined };

/** Twenty hosts with all kinds of links, each dialling five others and sending each twenty times. */
function digestOf(seed: number, links: (clock: VirtualClock) => LinkModel): string {
  const clock = new VirtualClock();
  const trace = new RunTrace();
  const network = new SimNetwork(clock, links(clock), trace);
  const random = new SeededRandom(seed);
  const presets = Object.values(LINK_PRESETS);
  const hosts = Array.from({ length: 20 }, (_, index) => {
    const host = network.addHost(`10.0.0.${index}`, presets[index % presets.length] ?? LINK_PRESETS.fibre);
    host.listen({ host: host.address, port: 1 }, (connection) => connection.attach(DEAF), () => undefined); // prettier-ignore
    return host;
  });
  for (const host of hosts) {
    for (let dial = 0; dial < 5; dial++) {
      host.dial({ host: `10.0.0.${random.below(20)}`, port: 1 }, (outcome) => {
        if (outcome.kind !== 'connected') return;
        outcome.connection.attach(DEAF);
        for (let count = 0; count < 20; count++) outcome.connection.send([new Uint8Array(1 + random.below(30_000))]);
      });
    }
  }
  clock.runUntil(600_000);
  return trace.digest();
}

it.each([
  { name: 'chunk', links: (clock: VirtualClock): LinkModel => new ChunkLinks(clock), digest: '244d26b89874f34e' },
  { name: 'fluid', links: (clock: VirtualClock): LinkModel => new FluidLinks(clock), digest: '193fc69cc552bfc7' },
])('gives the pinned fingerprint of scripted traffic over $name links', ({ links, digest }) => {
  expect(digestOf(7, links)).toBe(digest);
  expect(digestOf(8, links)).not.toBe(digest);
});
