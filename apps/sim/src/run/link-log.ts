import { OverlayGraph } from './overlay-graph.js';

/**
 * Follows from the nodes' own words who is connected to whom.
 *
 * Addresses are kept as nodes report them and turned into nodes only when somebody asks: the pipes of two processes
 * have no common order, so a node may be seen as a peer before its own `listening` was read.
 */
export class LinkLog {
  readonly #nodes: readonly ObservedLinks[];
  readonly #hosts: readonly string[];
  readonly #nodeByAddress = new Map<string, number>();

  /** @param hosts the planned host of each node, in order; several nodes may share one */
  constructor(hosts: readonly string[]) {
    this.#hosts = hosts;
    this.#nodes = hosts.map(() => ({ open: new Map(), ever: new Set(), told: new Set(), isFrozen: false }));
  }

  /** Where a node says it listens, as HOST:PORT. */
  handleListening(nodeIndex: number, address: string): void {
    this.#nodeByAddress.set(address, nodeIndex);
  }

  /** The addresses a node was given when it was started. */
  handleTold(nodeIndex: number, addresses: readonly string[]): void {
    for (const address of addresses) this.#nodes[nodeIndex]?.told.add(address);
  }

  handlePeer(nodeIndex: number, state: 'connected' | 'closed', address: string): void {
    const observed = this.#nodes[nodeIndex];
    if (!observed) return;
    if (state === 'connected' && observed.ever.size < MAX_ADDRESSES_PER_NODE) observed.ever.add(address);
    if (observed.isFrozen) return;
    const links = (observed.open.get(address) ?? 0) + (state === 'connected' ? 1 : -1);
    if (links > 0) observed.open.set(address, links);
    else observed.open.delete(address);
  }

  /** A node that has completed keeps the links it had: two complete nodes part because they have nothing to say. */
  handleComplete(nodeIndex: number): void {
    const observed = this.#nodes[nodeIndex];
    if (observed) observed.isFrozen = true;
  }

  /** The download is over, however it went: what is closed from now on belongs to the farewell. */
  handleEnd(): void {
    for (const observed of this.#nodes) observed.isFrozen = true;
  }

  /** The overlay at the end of the download: each link that one of its two nodes held when it completed. */
  overlay(): OverlayGraph {
    const graph = new OverlayGraph(this.#nodes.length);
    this.#forEachPair(
      ({ open }) => open.keys(),
      (a, b) => graph.link(a, b),
    );
    return graph;
  }

  /**
   * How many pairs of nodes were ever linked though neither had been told of the other.
   *
   * Nodes have no other way to find each other than peer exchange, so these links are its work.
   */
  pexLinkCount(): number {
    const told = new Set<string>();
    this.#forEachPair(
      (observed) => observed.told,
      (a, b) => told.add(pairKey(a, b)),
    );
    const found = new Set<string>();
    this.#forEachPair(
      ({ ever }) => ever,
      (a, b) => found.add(pairKey(a, b)),
    );
    return [...found].filter((pair) => !told.has(pair)).length;
  }

  #forEachPair(addressesOf: (observed: ObservedLinks) => Iterable<string>, use: (a: number, b: number) => void): void {
    for (const [nodeIndex, observed] of this.#nodes.entries()) {
      for (const address of addressesOf(observed)) {
        const other = this.#nodeAt(address);
        if (other !== undefined && other !== nodeIndex) use(nodeIndex, other);
      }
    }
  }

  /**
   * An incoming connection may show the port it was made from instead of the one its node listens on. Where each node
   * has a host of its own, the host tells them apart; elsewhere the node that dialled reports the same link rightly.
   */
  #nodeAt(address: string): number | undefined {
    const exact = this.#nodeByAddress.get(address);
    if (exact !== undefined) return exact;
    const host = address.slice(0, address.lastIndexOf(':'));
    const first = this.#hosts.indexOf(host);
    return first >= 0 && first === this.#hosts.lastIndexOf(host) ? first : undefined;
  }
}

interface ObservedLinks {
  readonly open: Map<string, number>;
  readonly ever: Set<string>;
  readonly told: Set<string>;
  isFrozen: boolean;
}

function pairKey(a: number, b: number): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`;
}

/** Reconnections from ever new ports must not fill memory; 500 nodes reconnecting 20 times stay below. */
const MAX_ADDRESSES_PER_NODE = 10_000;
