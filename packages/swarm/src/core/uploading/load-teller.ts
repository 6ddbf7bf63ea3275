import { encodeLoad } from '@p2p/wire';

import type { Payload } from '../payload.js';
import type { Session } from '../session.js';
import type { SwarmState } from '../swarm-state.js';

/**
 * Tells those who may ask us whether others' blocks wait here already (`p2p_load`; wire form and rules are in PROTOCOL.md, 5.6).
 *
 * Peers that choose by lot leave some lines idle while blocks queue up at others. We are loaded with a second's work: news is a few
 * tenths of a second old where it is read, behind the blocks on its way, and must be true for longer.
 */
export class LoadTeller<P extends Payload> {
  readonly #state: SwarmState<P>;
  #isLoaded = false;

  constructor(state: SwarmState<P>) {
    this.#state = state;
  }

  /** @param waitingBytes of blocks that were asked for and are not on the network */
  changed(waitingBytes: number): void {
    if (waitingBytes === 0 && !this.#isLoaded) return;
    const { sessions, upMeter, now } = this.#state;
    const limit = Math.max(MIN_BYTES, upMeter.bytesPerSecond(now) * SECONDS);
    const isLoaded = waitingBytes > (this.#isLoaded ? limit * FREE_AGAIN : limit);
    if (isLoaded === this.#isLoaded) return;
    this.#isLoaded = isLoaded;
    for (const session of sessions.values()) this.tell(session);
  }

  /** Tells a peer that may ask, and wants to, what it does not know. */
  tell(session: Session): void {
    if (session.amChoking || !session.isInterested || session.toldLoaded === this.#isLoaded) return;
    const extensionId = session.extensionIds.get('p2p_load');
    if (extensionId === undefined || extensionId === 0) return;
    session.toldLoaded = this.#isLoaded;
    this.#state.send(session, { type: 'extended', extensionId, payload: encodeLoad(this.#isLoaded) });
  }
}

/** Four pieces of 64 KiB. */
const MIN_BYTES = 256 * 1024;
const SECONDS = 1;
/** A share of that limit; what is between them keeps the messages few. */
const FREE_AGAIN = 0.75;
