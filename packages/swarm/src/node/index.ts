export { createNodePorts, type NodePortsOptions } from './node-ports.js';
export { SystemClock } from './system-clock.js';
export { SystemRandom } from './system-random.js';
export { TcpTransport, type TcpTransportOptions } from './tcp-transport.js';
