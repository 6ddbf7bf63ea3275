import { decodeUtPex, describeClient, formatPeerAddress, type UtPex } from '@p2p/wire';

import type { Checker, Complain } from './checker.js';
import type { EndId, NodeId, Observation } from './observation.js';
import { readable } from './readable.js';
import type { SessionView } from './session-view.js';
import type { NodeView, SwarmView } from './swarm-view.js';

/**
 * S7: peer exchange by BEP 11. At most 50 added and 50 dropped in a message, nothing twice, nothing both added and dropped,
 * no message to a foreign client sooner than a minute after the last, and only peers that the sender was connected to: never
 * hearsay.
 */
export class PeerExchangeRules implements Checker {
  readonly name = 'S7';
  readonly #toldAt = new Map<EndId, number>();
  /** With whom each node has been in session since it was started. */
  readonly #met = new Map<NodeId, Set<NodeId>>();

  observe(observation: Observation, view: SwarmView, complain: Complain): void {
    if (observation.kind === 'started') this.#met.set(observation.node, new Set());
    else if (observation.kind === 'endClosed') this.#toldAt.delete(observation.end);
    else if (observation.kind === 'shookHands') {
      const session = view.sessions.get(observation.end);
      if (session?.peer !== undefined) this.#met.get(session.node)?.add(session.peer);
    } else if (observation.kind === 'sent' && observation.message.type === 'extended') {
      const { extensionId, payload } = observation.message;
      this.#sent(view.sessions.get(observation.end), { extensionId, payload, at: observation.at }, view, complain);
    }
  }

  #sent(
    session: SessionView | undefined,
    { extensionId, payload, at }: { readonly extensionId: number; readonly payload: Uint8Array; readonly at: number },
    view: SwarmView,
    complain: Complain,
  ): void {
    const node = session === undefined ? undefined : view.nodes.get(session.node);
    if (session === undefined || node?.isHonest !== true) return;
    if (extensionId === 0 || extensionId !== session.theirExtensions.get('ut_pex')) return;
    const message = readable(decodeUtPex, payload);
    if (message === undefined) complain(`node ${node.node} sends peer exchange that cannot be read`);
    else this.#check({ node, session, message, at }, view, complain);
  }

  #check({ node, session, message, at }: Told, view: SwarmView, complain: Complain): void {
    const added = message.added.map(({ address }) => formatPeerAddress(address));
    const dropped = message.dropped.map(formatPeerAddress);
    for (const [list, name] of [
      [added, 'added'],
      [dropped, 'dropped'],
    ] as const) {
      if (list.length > MAX_PER_LIST)
        complain(`node ${node.node} tells ${list.length} ${name} peers at once; BEP 11 allows 50`);
      if (new Set(list).size < list.length) complain(`node ${node.node} tells a peer twice among the ${name} ones`);
    }
    const both = added.find((address) => dropped.includes(address));
    if (both !== undefined) complain(`node ${node.node} tells ${both} as added and as dropped in one message`);
    for (const { address } of message.added) {
      const peer = view.nodeOfHost(address.host);
      if (peer === undefined || this.#met.get(node.node)?.has(peer) !== true) {
        complain(`node ${node.node} tells of ${formatPeerAddress(address)}, to which it was never connected`);
      }
    }
    this.#pace(session, at, complain);
  }

  #pace(session: SessionView, at: number, complain: Complain): void {
    const before = this.#toldAt.get(session.end);
    this.#toldAt.set(session.end, at);
    if (before === undefined) return;
    const least = isOwnKind(session) ? OWN_KIND_INTERVAL_MS : FOREIGN_INTERVAL_MS;
    if (at - before < least) {
      complain(
        `node ${session.node} sends peer exchange ${((at - before) / 1_000).toFixed(2)} s after the last; ${least / 1_000} s are due`,
      );
    }
  }
}

interface Told {
  readonly node: NodeView;
  readonly session: SessionView;
  readonly message: UtPex;
  readonly at: number;
}

function isOwnKind({ peerId }: SessionView): boolean {
  return peerId !== undefined && describeClient(peerId).startsWith('p2p');
}

const MAX_PER_LIST = 50;
const FOREIGN_INTERVAL_MS = 60_000;
/** `ownKindIntervalMs` is 1 s. */
const OWN_KIND_INTERVAL_MS = 999;
