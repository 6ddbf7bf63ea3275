/** Where a node listens. Port 0 lets the system pick one; the node's `listening` event then names it. */
export interface PlannedAddress {
  readonly host: string;
  readonly port: number;
}

/**
 * Gives every node of a run its place on the loopback interface.
 *
 * On Linux all of 127.0.0.0/8 is ours, so each node gets an address of its own: limits per address, bans, peer exchange
 * and canonical peer priority then behave as on a network. Neighbours lie in different /16 networks, as strangers on
 * the Internet do, because BEP 40 compares addresses of one network more finely. Other systems have only 127.0.0.1;
 * there the nodes differ by port.
 *
 * @param nodeCount 1 to {@link MAX_NODES}
 * @param platform `process.platform`
 * @throws {RangeError} if `nodeCount` is out of bounds
 */
export function planAddresses(nodeCount: number, platform: string): PlannedAddress[] {
  if (!Number.isInteger(nodeCount) || nodeCount < 1 || nodeCount > MAX_NODES) {
    throw new RangeError(`"nodeCount" expected an integer from 1 to ${MAX_NODES}, got ${nodeCount}`);
  }
  return Array.from({ length: nodeCount }, (_, nodeIndex) => ({ host: hostOf(nodeIndex, platform), port: 0 }));
}

function hostOf(nodeIndex: number, platform: string): string {
  if (platform !== 'linux') return '127.0.0.1';
  // 127.0.x.y is left alone: 127.0.0.1 and, on Debian, 127.0.1.1 belong to others.
  const network = 1 + (nodeIndex % NETWORKS);
  const host = 1 + Math.floor(nodeIndex / NETWORKS);
  return `127.${network}.0.${host}`;
}

const NETWORKS = 254;

/** More real processes than this on one machine measure the machine, not the swarm. */
export const MAX_NODES = 500;
