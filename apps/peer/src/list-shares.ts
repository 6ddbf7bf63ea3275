import type { CommandContext, SharingEvent } from '@p2p/cli';
import { type NodePorts, PeerNode } from '@p2p/swarm';
import { formatMagnet, type PeerAddress, toHex } from '@p2p/wire';

import { resolveHosts } from './addresses.js';
import { askForCatalog } from './choose-share.js';

/** `list`: what a peer shares, each with a magnet link that names the peer. The first address of a name that answers. */
export async function listShares(
  ports: NodePorts,
  named: PeerAddress,
  { log, signal }: CommandContext,
): Promise<readonly SharingEvent[]> {
  const node = new PeerNode(ports);
  try {
    const { address, entries } = await Promise.any(
      (await resolveHosts([named], log, true)).map(async (candidate) => askForCatalog(node, candidate, signal)),
    );
    return entries.map(({ infoHash, name, length }) => ({
      kind: 'sharing',
      name,
      length,
      infoHash: toHex(infoHash),
      magnet: formatMagnet({ infoHash, name, length, peers: [address] }),
    }));
  } catch (error) {
    throw error instanceof AggregateError ? error.errors[0] : error;
  } finally {
    await new Promise<void>((resolve) => {
      node.stop(resolve);
    });
  }
}
