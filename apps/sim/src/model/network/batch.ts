import type { CoreMessage } from '@p2p/swarm';

import type { Cargo } from '../links/link-model.js';
import type { BlockReference } from '../payload/block-reference.js';
import type { SimConnection } from './sim-connection.js';

/** What travels: a message as an object, or bytes (of a message, a handshake, a catalogue). */
export type Item = CoreMessage<BlockReference> | Uint8Array;

/** Whole messages that travel together, as they do in the segments of a real connection. */
export class Batch implements Cargo {
  readonly #from: SimConnection;
  readonly items: Item[] = [];
  bytes = 0;
  /** Bytes of blocks among `bytes`. */
  payloadBytes = 0;
  isSealed = false;
  /** Why the connection ends with it, if it does: then it carries nothing else. */
  readonly end: string | undefined;

  constructor(from: SimConnection, end?: string) {
    this.#from = from;
    this.end = end;
  }

  departed(): void {
    this.#from.departed(this);
  }

  arrived(): void {
    this.#from.arrivedThere(this);
  }
}
