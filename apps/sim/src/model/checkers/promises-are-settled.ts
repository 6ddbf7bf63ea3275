import { decodeLtDontHave, decodeSoon } from '@p2p/wire';

import type { Checker, Complain } from './checker.js';
import type { EndId, Observation } from './observation.js';
import { readable } from './readable.js';
import type { SessionView } from './session-view.js';
import type { SwarmView } from './swarm-view.js';

/**
 * S11: whoever was promised a piece by an honest node (PROTOCOL.md, 5.7) soon hears that it is there, or that it is not to be had: it may
 * have asked for it, and waits. Nothing needs to be said to one that has the piece, nor, if the promise was kept, to one that promised it too.
 */
export class PromisesAreSettled implements Checker {
  readonly name = 'S11';
  /** By session and piece: when it was promised. */
  readonly #open = new Map<EndId, Map<number, number>>();
  /** By session: what the other end promised. */
  readonly #heard = new Map<EndId, Set<number>>();

  observe(observation: Observation, view: SwarmView, complain: Complain): void {
    const { kind } = observation;
    if (kind === 'sent') this.#sent(observation, view);
    else if (kind === 'received') this.#received(observation, view);
    else if (kind === 'endClosed') this.#closed(observation.end);
    else if (kind === 'second') this.#second(observation, view, complain);
  }

  #sent({ end, at, message }: Passing<'sent'>, view: SwarmView): void {
    const session = view.sessions.get(end);
    if (session === undefined || view.nodes.get(session.node)?.isHonest !== true) return;
    if (message.type === 'have') this.#open.get(end)?.delete(message.piece);
    if (message.type !== 'extended' || message.extensionId === 0) return;
    const { extensionId, payload } = message;
    if (extensionId === session.theirExtensions.get('lt_donthave')) {
      this.#open.get(end)?.delete(decodeLtDontHave(payload));
    } else if (extensionId === session.theirExtensions.get('p2p_soon')) {
      const promised = this.#open.get(end) ?? new Map<number, number>();
      this.#open.set(end, promised.set(decodeSoon(payload), at));
    }
  }

  #received({ end, message }: Passing<'received'>, view: SwarmView): void {
    const session = view.sessions.get(end);
    if (session === undefined || message.type !== 'extended' || message.extensionId === 0) return;
    if (message.extensionId !== session.ourExtensions.get('p2p_soon')) return;
    const piece = readable(decodeSoon, message.payload);
    if (piece === undefined) return;
    const heard = this.#heard.get(end) ?? new Set<number>();
    this.#heard.set(end, heard.add(piece));
  }

  #closed(end: EndId): void {
    this.#open.delete(end);
    this.#heard.delete(end);
  }

  #second({ at, nodes }: Extract<Observation, { kind: 'second' }>, view: SwarmView, complain: Complain): void {
    const frozen = new Set(nodes.filter(({ isPaused }) => isPaused).map(({ node }) => node));
    for (const [end, promised] of this.#open) {
      const session = view.sessions.get(end);
      // Its node was killed, or says nothing until it goes on.
      if (session === undefined) this.#closed(end);
      else if (frozen.has(session.node)) for (const piece of promised.keys()) promised.set(piece, at);
      else this.#check(session, promised, { at, view, complain });
    }
  }

  #check(
    session: SessionView,
    promised: Map<number, number>,
    { at, view, complain }: { readonly at: number; readonly view: SwarmView; readonly complain: Complain },
  ): void {
    const kept = view.nodes.get(session.node)?.pieces;
    const heard = this.#heard.get(session.end);
    for (const [piece, promisedAt] of promised) {
      if (at - promisedAt < PATIENCE_MS) continue;
      promised.delete(piece);
      if (session.peerPieces.has(piece) || (kept?.has(piece) === true && heard?.has(piece) === true)) continue;
      complain(
        `node ${session.node} promised piece ${piece} to node ${session.peer ?? '?'} at ${(promisedAt / 1_000).toFixed(1)} s, and has not said since whether it is there`,
      );
    }
  }
}

type Passing<K extends 'sent' | 'received'> = Extract<Observation, { kind: K }>;

/** A promise is taken back after five seconds (`PromisedPieces`); the rest is for looking once a second. */
const PATIENCE_MS = 7_000;
