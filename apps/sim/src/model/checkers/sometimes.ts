import { decodeUtPex, formatPeerAddress } from '@p2p/wire';

import type { EndId, NodeId, Observation } from './observation.js';
import { readable } from './readable.js';
import { blockName, type SessionView } from './session-view.js';
import type { SwarmView } from './swarm-view.js';

/** Rare paths that a night's runs must have walked (simulation.md, A.7). */
export const SOMETIMES = [
  'endgame',
  'snub',
  'hash failure',
  'ban',
  'choke with requests in flight',
  'reject',
  'peer exchange drops and adds again',
  'simultaneous connect',
  'no room for a newcomer',
  'disk full, then recovered',
  'resume with a partial piece',
  'bootstrap full',
  'partition with a piece on one side only',
  'seed leaves after one copy',
] as const;

export type Sometimes = (typeof SOMETIMES)[number];

/** Counts how often each rare path happened. What only the fault injector knows, it tells by `happened`. */
export class SometimesCounter {
  readonly counts: Record<Sometimes, number>;
  readonly #bootstrap: NodeId;
  readonly #fullDisks = new Set<NodeId>();
  /** Per session: what was dropped from it by peer exchange. */
  readonly #dropped = new Map<EndId, Set<string>>();

  constructor(bootstrap: NodeId) {
    this.#bootstrap = bootstrap;
    // eslint-disable-next-line p2p/no-type-assertion -- exactly the keys of the list, each with 0
    this.counts = Object.fromEntries(SOMETIMES.map((name) => [name, 0])) as Record<Sometimes, number>;
  }

  happened(what: Sometimes): void {
    this.counts[what] += 1;
  }

  observe(observation: Observation, view: SwarmView): void {
    const { kind } = observation;
    if (kind === 'sent') this.#sent(observation, view);
    else if (kind === 'received') this.#received(observation, view);
    else if (kind === 'endOpened') this.#opened(observation, view);
    else if (kind === 'told') this.#told(observation);
    else if (kind === 'endClosed') this.#dropped.delete(observation.end);
    else if (kind === 'stored' && this.#fullDisks.delete(observation.node)) this.happened('disk full, then recovered');
  }

  #sent({ end, message, at }: Extract<Observation, { kind: 'sent' }>, view: SwarmView): void {
    const session = view.sessions.get(end);
    if (session === undefined || view.nodes.get(session.node)?.isHonest !== true) return;
    if (message.type === 'reject') this.happened('reject');
    if (
      message.type === 'extended' &&
      message.extensionId !== 0 &&
      message.extensionId === session.theirExtensions.get('ut_pex')
    ) {
      this.#exchanged(end, message.payload);
    }
    if (message.type !== 'request') return;
    const first = view
      .sessionsOf(session.node)
      .find((other) => other !== session && other.asked.has(blockName(message)));
    if (first === undefined) return;
    // Asked for again: because the first one is silent, or because the end is near.
    this.happened(isSilent(first, at) ? 'snub' : 'endgame');
  }

  #received({ end, message }: Extract<Observation, { kind: 'received' }>, view: SwarmView): void {
    const session = view.sessions.get(end);
    if (message.type === 'choke' && session !== undefined && session.askedCount > 0)
      this.happened('choke with requests in flight');
  }

  #told({ node, event }: Extract<Observation, { kind: 'told' }>): void {
    if (event.kind === 'pieceCorrupt') this.happened('hash failure');
    if (event.kind === 'storageFailed' && event.error.code === 'disk-full') this.#fullDisks.add(node);
    if (event.kind !== 'peerClosed' || event.reason.party !== 'us') return;
    if (event.reason.code === 'banned') this.happened('ban');
    if (event.reason.code === 'duplicate') this.happened('simultaneous connect');
  }

  /** Whoever is refused never sees a handshake. */
  #opened({ node: id }: Extract<Observation, { kind: 'endOpened' }>, view: SwarmView): void {
    const node = view.nodes.get(id);
    if (node?.isHonest !== true || node.sessions.size <= node.limits.maxPeers) return;
    this.happened('no room for a newcomer');
    if (id === this.#bootstrap) this.happened('bootstrap full');
  }

  #exchanged(end: EndId, payload: Uint8Array): void {
    const dropped = this.#dropped.get(end) ?? new Set();
    this.#dropped.set(end, dropped);
    // A checker complains about what cannot be read; here it is only not counted.
    const message = readable(decodeUtPex, payload);
    if (message === undefined) return;
    if (message.added.some(({ address }) => dropped.delete(formatPeerAddress(address)))) {
      this.happened('peer exchange drops and adds again');
    }
    for (const address of message.dropped) dropped.add(formatPeerAddress(address));
  }
}

function isSilent(session: SessionView, at: number): boolean {
  return at - session.receivedAt >= SILENCE_MS;
}

/** `RequestWindow`: no request times out sooner. */
const SILENCE_MS = 2_000;
