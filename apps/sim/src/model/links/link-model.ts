/** How a host is connected to the network. Rates in bytes per second; an infinite one costs no time. */
export interface AccessLink {
  readonly upBytesPerSecond: number;
  readonly downBytesPerSecond: number;
  /** One way, from the host to the core of the network, in microseconds: a path has that of both its ends. */
  readonly latencyMicros: number;
  /** Share of the packets that are lost on this access, 0 to 1. */
  readonly loss: number;
  /** The most that TCP keeps under way on one connection of this host, in bytes. */
  readonly windowBytes: number;
}

/** What is carried: it is told when it has left the sender and when it is all there. */
export interface Cargo {
  /** Its length. It may still grow, up to the moment when it is sealed. */
  readonly bytes: number;
  /** Set by the network: the first byte is on its way, nothing can be added. */
  isSealed: boolean;
  /** Set by the network: what stands behind it in the row where it waits (`CargoRow`). */
  next: Cargo | undefined;
  departed(): void;
  arrived(): void;
}

/** One direction of one connection: carries in order, loses nothing. */
export interface Flow {
  /** Queues cargo. It departs later, never before the call returns. */
  send(cargo: Cargo): void;
  /** Forgets what has not departed. */
  close(): void;
}

/** A host as its link model knows it. */
export interface LinkHost {
  readonly access: AccessLink;
}

/** How hosts share the network: which cargo moves when. It knows nothing of messages. */
export interface LinkModel<H extends LinkHost = LinkHost> {
  addHost(access: AccessLink): H;
  /** A line fails by halves: both its rates become `factor` of what they are, whatever `access` says. */
  slow(host: H, factor: number): void;
  openFlow(from: H, to: H): Flow;
}

/** One way, in microseconds. */
export function pathMicros(from: LinkHost, to: LinkHost): number {
  return from.access.latencyMicros + to.access.latencyMicros;
}

/**
 * The most that TCP keeps under way between two hosts: the least of their windows and of what loss allows in equilibrium,
 * 1.22 MSS / (RTT sqrt(p)) times the round trip.
 *
 * @see M. Mathis and others: The Macroscopic Behavior of the TCP Congestion Avoidance Algorithm (1997)
 */
export function mostInFlight(from: LinkHost, to: LinkHost): number {
  const loss = from.access.loss + to.access.loss;
  const lossBytes = loss === 0 ? Infinity : (MATHIS_CONSTANT * SEGMENT_BYTES) / Math.sqrt(loss);
  return Math.min(from.access.windowBytes, to.access.windowBytes, lossBytes);
}

/** Of one connection, in bytes per second, by window and loss alone. */
export function capacityOfPath(from: LinkHost, to: LinkHost): number {
  const rttMicros = 2 * pathMicros(from, to);
  return rttMicros === 0 ? Infinity : (mostInFlight(from, to) * 1e6) / rttMicros;
}

const MATHIS_CONSTANT = 1.22;
/** Of Ethernet, without headers. */
export const SEGMENT_BYTES = 1_460;
