import { describeCloseReason } from '@p2p/swarm';

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
  #isOver = false;
  readonly #nodeByAddress = new Map<string, number>();

  /** @param hosts the planned host of each node, in order; several nodes may share one */
  constructor(hosts: readonly string[]) {
    this.#hosts = hosts;
    this.#nodes = hosts.map(() => ({
      balance: new Map(),
      ever: new Set(),
      parted: new Set(),
      broken: new Set(),
      told: new Set(),
    }));
  }

  /** Where a node says it listens, as HOST:PORT. */
  handleListening(nodeIndex: number, address: string): void {
    this.#nodeByAddress.set(address, nodeIndex);
  }

  /** The addresses a node was given when it was started. */
  handleTold(nodeIndex: number, addresses: readonly string[]): void {
    for (const address of addresses) this.#nodes[nodeIndex]?.told.add(address);
  }

  /** A session began or ended. `reason` is the node's own, when it ended. */
  handlePeer(
    nodeIndex: number,
    event: { state: 'connected' | 'closed'; address: string; reason?: string | undefined },
  ): void {
    const observed = this.#nodes[nodeIndex];
    if (!observed || this.#isOver || observed.balance.size >= MAX_ADDRESSES_PER_NODE) return;
    const { state, address, reason } = event;
    observed.balance.set(address, (observed.balance.get(address) ?? 0) + (state === 'connected' ? 1 : -1));
    if (state === 'connected') observed.ever.add(address);
    if (reason?.startsWith(BOTH_ARE_COMPLETE)) observed.parted.add(address);
    if (reason?.startsWith(THE_OTHER_END_LEFT)) observed.broken.add(address);
  }

  /** The download is over, however it went: what is closed from now on belongs to the farewell. */
  handleEnd(): void {
    this.#isOver = true;
  }

  /**
   * The overlay at the end of the download: the links that are open then, and those that two complete nodes have given up
   * because they had nothing left to say to each other.
   */
  overlay(): OverlayGraph {
    const graph = new OverlayGraph(this.#nodes.length);
    for (const [nodeIndex, { balance }] of this.#nodes.entries()) {
      for (const other of this.#openLinks(balance)) graph.link(nodeIndex, other);
    }
    this.#forEachPair(
      ({ parted }) => parted,
      (a, b) => graph.link(a, b),
    );
    this.#forEachNamelesslyParted((a, b) => graph.link(a, b));
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

  /** A session may begin under the port it was made from and end under the one its node listens on: add up by node. */
  #openLinks(balance: ReadonlyMap<string, number>): number[] {
    const byNode = new Map<number, number>();
    for (const [address, count] of balance) {
      const other = this.#nodeAt(address);
      if (other !== undefined) byNode.set(other, (byNode.get(other) ?? 0) + count);
    }
    return [...byNode].filter(([, count]) => count > 0).map(([other]) => other);
  }

  /**
   * The links that a node gave up without knowing whose they were: it had been dialled, from a port that tells nothing where nodes
   * share a host. Who dialled knows, and saw the link break; there are no more of them than the node gave up in this way.
   */
  #forEachNamelesslyParted(use: (a: number, b: number) => void): void {
    const nameless = this.#nodes.map(
      ({ parted }) => [...parted].filter((address) => this.#nodeAt(address) === undefined).length,
    );
    this.#forEachPair(
      ({ broken }) => broken,
      (dialler, dialled) => {
        const left = nameless[dialled] ?? 0;
        if (left === 0) return;
        nameless[dialled] = left - 1;
        use(dialler, dialled);
      },
    );
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
  /** Sessions begun less sessions ended, by the address that was reported. */
  readonly balance: Map<string, number>;
  readonly ever: Set<string>;
  /** Given up by this node, as both were complete. */
  readonly parted: Set<string>;
  /** Seen to break, as the other end closed it. */
  readonly broken: Set<string>;
  readonly told: Set<string>;
}

function pairKey(a: number, b: number): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`;
}

/** How a node words that it closed a link for this reason (BEP 21). */
const BOTH_ARE_COMPLETE = describeCloseReason({ party: 'us', code: 'uploadOnly', detail: '' });
/** How a node words that the other end closed a link. */
const THE_OTHER_END_LEFT = describeCloseReason({ party: 'transport', code: 'lost', detail: '' });
/** Reconnections from ever new ports must not fill memory; 500 nodes reconnecting 20 times stay below. */
const MAX_ADDRESSES_PER_NODE = 10_000;
