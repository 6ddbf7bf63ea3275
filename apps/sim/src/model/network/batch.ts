import type { CoreMessage } from '@p2p/swarm';

import type { Cargo } from '../links/link-model.js';
import type { BlockReference } from '../payload/block-reference.js';
import type { SimConnection } from './sim-connection.js';

/** What travels: a message as an object, or bytes (of a message, a handshake, a catalogue). */
export type Item = CoreMessage<BlockReference> | Uint8Array;

/** Whole messages that travel together, as they do in the segments of a real connection. */
export class Batch implements Cargo {
  readonly #from: SimConnection;
  /** Most batches have one item: a list only for those that have more. */
  #first: Item | undefined;
  #others: Item[] | undefined;
  bytes = 0;
  /** Bytes of blocks among `bytes`. */
  payloadBytes = 0;
  isSealed = false;
  next: Cargo | undefined;
  /** Why the connection ends with it, if it does: then it carries nothing else. */
  readonly end: string | undefined;

  constructor(from: SimConnection, end?: string) {
    this.#from = from;
    this.end = end;
  }

  get itemCount(): number {
    return this.#first === undefined ? 0 : 1 + (this.#others?.length ?? 0);
  }

  itemAt(index: number): Item | undefined {
    return index === 0 ? this.#first : this.#others?.[index - 1];
  }

  /**
   * @param bytes how long it is on the wire
   * @param payloadBytes how much of that is a block's
   */
  add(item: Item, bytes: number, payloadBytes: number): void {
    if (this.#first === undefined) this.#first = item;
    else (this.#others ??= []).push(item);
    this.bytes += bytes;
    this.payloadBytes += payloadBytes;
  }

  departed(): void {
    this.#from.departed(this);
  }

  arrived(): void {
    this.#from.arrivedThere(this);
  }
}
