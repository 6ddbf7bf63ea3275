import type { NodePorts } from '../ports.js';
import { SystemClock } from './system-clock.js';
import { SystemRandom } from './system-random.js';
import { TcpTransport, type TcpTransportOptions } from './tcp-transport.js';

/** Choices for the real ports. */
export type NodePortsOptions = TcpTransportOptions;

/**
 * The real world: this machine's clock and randomness, connections over TCP.
 *
 * @example
 * const node = new PeerNode(createNodePorts({ bind: '192.168.1.20' }));
 */
export function createNodePorts(options: NodePortsOptions = {}): NodePorts {
  return { clock: new SystemClock(), random: new SystemRandom(), transport: new TcpTransport(options) };
}
