import type { PeerAddress } from '@p2p/wire';

import type { Clock, Connection, ConnectionHandler } from '../ports.js';
import type { MemoryLink } from './memory-link.js';

/** What one end of a connection needs of the network. */
export interface ConnectionPath {
  readonly clock: Clock;
  readonly uplink: MemoryLink;
  /** Of the other end. */
  readonly downlink: MemoryLink;
  /** Crosses the network to the other end: later, in order, or not before a partition heals. */
  readonly cross: (arrived: () => void) => void;
  /** How many of the bytes that wait leave as one chunk; at least 1. */
  readonly chunkBytes: () => number;
  /** The connection is over at this end. */
  readonly ended: () => void;
}

/** One end of a connection between two hosts of a {@link MemoryNetwork}. */
export class MemoryConnection implements Connection {
  readonly remote: PeerAddress;
  readonly #path: ConnectionPath;
  #other: MemoryConnection | undefined;
  #state: 'open' | 'closing' | 'closed' = 'open';
  #handler: ConnectionHandler | undefined;
  /** What arrived before anybody was attached. */
  readonly #inbox: Delivery[] = [];
  #isDelivering = false;
  /** We closed: nothing that arrives matters any more. */
  #isMuted = false;
  readonly #outbox: Uint8Array[] = [];
  #isDeparting = false;

  constructor(remote: PeerAddress, path: ConnectionPath) {
    this.remote = remote;
    this.#path = path;
  }

  /** Joins the two ends. */
  join(other: MemoryConnection): void {
    this.#other = other;
    other.#other = this;
  }

  attach(handler: ConnectionHandler): void {
    if (this.#handler !== undefined) throw new TypeError('attach() expected to be called once, got a second handler');
    this.#handler = handler;
    if (this.#inbox.length > 0) this.#path.clock.schedule(this.#path.clock.now(), () => this.#deliver());
  }

  send(parts: readonly Uint8Array[]): void {
    if (this.#state !== 'open') return;
    for (const part of parts) if (part.length > 0) this.#outbox.push(part.slice());
    this.#startDeparting();
  }

  close(): void {
    this.#isMuted = true;
    if (this.#state !== 'open') return;
    this.#state = 'closing';
    this.#startDeparting();
  }

  /** The connection breaks here: the handler is told, what was queued is lost. */
  break(reason: string): void {
    if (this.#state === 'closed') return;
    this.#end();
    this.#receive({ kind: 'closed', reason });
  }

  /** This end is gone without a word, as when its process is killed; the other end hears of it across the network. */
  vanish(): void {
    this.#isMuted = true;
    if (this.#state === 'closed') return;
    this.#end();
    this.#path.cross(() => this.#other?.break('connection reset'));
  }

  /** What is sent in one turn leaves together, as it does on a socket: departure begins when the turn is over. */
  #startDeparting(): void {
    if (this.#isDeparting) return;
    this.#isDeparting = true;
    this.#path.clock.schedule(this.#path.clock.now(), () => this.#depart());
  }

  #depart(): void {
    if (this.#state === 'closed') return;
    const chunk = this.#takeChunk();
    if (chunk === undefined) {
      this.#isDeparting = false;
      if (this.#state === 'closing') this.#finish();
      return;
    }
    this.#path.uplink.carry(this, chunk.length, () => {
      if (this.#state === 'closed') return;
      this.#crossTo((other) => other.#receive({ kind: 'bytes', chunk }), chunk.length);
      this.#path.clock.schedule(this.#path.clock.now(), () => this.#depart());
      if (this.#state === 'open') this.#handler?.flushed(chunk.length);
    });
  }

  /** Everything queued has left: the other end learns that no more will come. */
  #finish(): void {
    this.#end();
    this.#crossTo((other) => other.break('closed by the other end'), 0);
  }

  #crossTo(arrive: (other: MemoryConnection) => void, bytes: number): void {
    const other = this.#other;
    if (other === undefined) return;
    this.#path.cross(() => this.#path.downlink.carry(this, bytes, () => arrive(other)));
  }

  #receive(delivery: Delivery): void {
    if (this.#isMuted || (delivery.kind === 'bytes' && this.#state === 'closed')) return;
    this.#inbox.push(delivery);
    this.#deliver();
  }

  #deliver(): void {
    const handler = this.#handler;
    if (handler === undefined || this.#isDelivering) return;
    this.#isDelivering = true;
    for (let next = this.#inbox.shift(); next !== undefined && !this.#isMuted; next = this.#inbox.shift()) {
      if (next.kind === 'closed') handler.closed(next.reason);
      else handler.received(next.chunk);
    }
    this.#isDelivering = false;
  }

  #takeChunk(): Uint8Array | undefined {
    const first = this.#outbox[0];
    if (first === undefined) return undefined;
    const limit = Math.max(1, this.#path.chunkBytes());
    const chunk = new Uint8Array(Math.min(limit, totalBytes(this.#outbox, limit)));
    let filled = 0;
    while (filled < chunk.length) {
      const part = this.#outbox.shift();
      if (part === undefined) break;
      const taken = part.subarray(0, chunk.length - filled);
      chunk.set(taken, filled);
      filled += taken.length;
      if (taken.length < part.length) this.#outbox.unshift(part.subarray(taken.length));
    }
    return chunk;
  }

  #end(): void {
    this.#state = 'closed';
    this.#outbox.length = 0;
    this.#path.ended();
  }
}

type Delivery =
  { readonly kind: 'bytes'; readonly chunk: Uint8Array } | { readonly kind: 'closed'; readonly reason: string };

/** Bytes in the list, as far as they matter up to `limit`. */
function totalBytes(parts: readonly Uint8Array[], limit: number): number {
  let total = 0;
  for (const part of parts) {
    total += part.length;
    if (total >= limit) return total;
  }
  return total;
}
