import type { Connection, ConnectionHandler } from '@p2p/swarm';
import type { PeerAddress } from '@p2p/wire';

import type { Flow } from '../links/link-model.js';
import { Batch, type Item } from './batch.js';
import type { SimHost } from './sim-host.js';

/** Takes what arrives on a connection as items, in the order of sending. */
export interface ItemHandler {
  /** @param start the first of the items that are for this handler */
  arrived(items: ArrivedItems, start: number): void;
}

/** What came together. */
export type ArrivedItems = Pick<Batch, 'itemCount' | 'itemAt'>;

/**
 * One end of a connection in the simulated network.
 *
 * To the swarm it is a plain pipe of bytes. A link that knows better (`MessageLink`) sends items on it, and receives them:
 * several that are sent while earlier ones wait travel as one batch, up to the length of one block and its header.
 */
export class SimConnection implements Connection {
  /** Different for each connection of a network; both ends have the same. */
  readonly id: number;
  readonly remote: PeerAddress;
  readonly host: SimHost;
  #other: SimConnection | undefined;
  #flow: Flow | undefined;
  #state: 'open' | 'closing' | 'closed' = 'open';
  /** We closed: nothing that arrives matters any more. */
  #isMuted = false;
  #handler: ConnectionHandler | undefined;
  #itemHandler: ItemHandler | undefined;
  /** What arrived before anybody was attached. */
  #early: Batch[] | undefined;
  #waiting: Batch | undefined;
  /** Bytes that have left and of which the node has not been told. */
  #flushedBytes = 0;
  #toldMicros = 0;

  constructor(id: number, host: SimHost, remote: PeerAddress) {
    this.id = id;
    this.host = host;
    this.remote = remote;
  }

  /** Joins this end to the other, by a flow that leads there. */
  join(other: SimConnection, flow: Flow): void {
    this.#other = other;
    this.#flow = flow;
  }

  /** The host at the other end. */
  get remoteHost(): SimHost | undefined {
    return this.#other?.host;
  }

  get isOpen(): boolean {
    return this.#state === 'open';
  }

  attach(handler: ConnectionHandler): void {
    if (this.#handler !== undefined) throw new TypeError('attach() expected to be called once, got a second handler');
    this.#handler = handler;
    if (this.#early !== undefined) this.host.soon(() => this.#deliverEarly());
  }

  /** From now on items go to `handler`, and only the connection's own events to the attached one. */
  attachItems(handler: ItemHandler): void {
    this.#itemHandler = handler;
  }

  send(parts: readonly Uint8Array[]): void {
    const bytes = joined(parts);
    if (bytes.length > 0) this.sendItem(bytes, bytes.length, 0);
  }

  /**
   * Queues an item; it is kept until it arrives.
   *
   * @param bytes how long it is on the wire
   * @param payloadBytes how much of that is a block's
   */
  sendItem(item: Item, bytes: number, payloadBytes: number): void {
    if (this.#state !== 'open') return;
    this.#batchFor(bytes).add(item, bytes, payloadBytes);
  }

  close(): void {
    this.#isMuted = true;
    if (this.#state !== 'open') return;
    this.#state = 'closing';
    this.#flow?.send(new Batch(this, 'closed by the other end'));
  }

  /** The connection breaks here: the handler is told, what was queued is lost. */
  break(reason: string): void {
    if (this.#state === 'closed') return;
    this.#end();
    this.#tellClosed(reason);
  }

  /** This end is gone without a word, as when its process is killed; its system resets the connection. */
  vanish(): void {
    this.#isMuted = true;
    if (this.#state === 'closed') return;
    this.#end();
    const other = this.#other;
    if (other !== undefined) this.host.cross(other.host, () => other.break('connection reset'));
  }

  /** A batch of ours has left. */
  departed(batch: Batch): void {
    this.host.departed(batch);
    if (batch.end !== undefined) this.#end();
    else if (this.#state === 'open') {
      // The node wants to know when there is room for another block. Of a few bytes it hears with the next block, or some
      // seconds later, which saves it half of all calls.
      this.#flushedBytes += batch.bytes;
      if (batch.payloadBytes > 0 || this.#flushedBytes > FLUSH_BYTES) this.#tellFlushed();
      else this.#tellFlushedLate();
    }
  }

  /** A batch of ours is at the other end. */
  arrivedThere(batch: Batch): void {
    const other = this.#other;
    if (other !== undefined) this.host.network.hand(this, other, batch);
  }

  /** A batch from the other end. */
  receive(batch: Batch): void {
    if (this.#isMuted || this.#state === 'closed') return;
    if (this.#handler === undefined || this.#early !== undefined) {
      this.#early ??= [];
      this.#early.push(batch);
    } else this.#deliver(batch);
  }

  #deliverEarly(): void {
    const batches = this.#early ?? [];
    this.#early = undefined;
    for (const batch of batches) this.receive(batch);
  }

  #deliver(batch: Batch): void {
    if (batch.end !== undefined) {
      this.break(batch.end);
      return;
    }
    this.host.network.delivered(this, batch);
    this.#tellFlushedLate();
    for (let start = 0; start < batch.itemCount && !this.#isMuted; start++) {
      // The first item may be the handshake by which the connection finds its owner.
      if (this.#itemHandler !== undefined) {
        this.#itemHandler.arrived(batch, start);
        return;
      }
      const item = batch.itemAt(start);
      if (item instanceof Uint8Array) this.#handler?.received(item);
    }
  }

  #batchFor(bytes: number): Batch {
    const waiting = this.#waiting;
    if (waiting !== undefined && !waiting.isSealed && waiting.bytes + bytes <= MAX_BATCH_BYTES) return waiting;
    const batch = new Batch(this);
    this.#waiting = batch;
    this.#flow?.send(batch);
    return batch;
  }

  #tellFlushedLate(): void {
    const isLate = this.#flushedBytes > 0 && this.host.network.clock.nowMicros > this.#toldMicros + FLUSH_MICROS;
    if (isLate) this.#tellFlushed();
  }

  #tellFlushed(): void {
    this.#toldMicros = this.host.network.clock.nowMicros;
    const bytes = this.#flushedBytes;
    this.#flushedBytes = 0;
    this.#handler?.flushed(bytes);
  }

  #tellClosed(reason: string): void {
    if (!this.#isMuted) this.#handler?.closed(reason);
    this.#isMuted = true;
  }

  #end(): void {
    this.#state = 'closed';
    this.#waiting = undefined;
    this.#flow?.close();
    this.host.forget(this);
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let filled = 0;
  for (const part of parts) {
    bytes.set(part, filled);
    filled += part.length;
  }
  return bytes;
}

/** A block with its header. A single longer message, a bitfield say, travels alone. */
const MAX_BATCH_BYTES = 16_384 + 13;
const FLUSH_BYTES = 1_024;
const FLUSH_MICROS = 5_000_000;
