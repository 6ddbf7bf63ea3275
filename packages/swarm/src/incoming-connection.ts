import { HandshakeDecoder, WireError, type Handshake } from '@p2p/wire';

import type { Connection, ConnectionHandler } from './ports.js';

/** Decides to whom a connection belongs; undefined closes it. */
export type Router = (connection: Connection, handshake: Handshake) => ConnectionHandler | undefined;

/**
 * A connection that somebody opened to us and that has not yet said for which torrent (decision D10).
 *
 * It collects the handshake, asks the router, and from then on passes everything to whom the router named.
 */
export class IncomingConnection implements ConnectionHandler {
  readonly #connection: Connection;
  readonly #router: Router;
  readonly #onDecided: () => void;
  #decoder: HandshakeDecoder | undefined = new HandshakeDecoder();
  #owner: ConnectionHandler | undefined;

  /** @param onDecided called once: it was routed, or is gone */
  constructor(connection: Connection, router: Router, onDecided: () => void) {
    this.#connection = connection;
    this.#router = router;
    this.#onDecided = onDecided;
  }

  received(chunk: Uint8Array): void {
    if (this.#decoder === undefined) {
      this.#owner?.received(chunk);
      return;
    }
    try {
      const opening = this.#decoder.push(chunk);
      if (opening !== undefined) this.#route(opening.handshake, opening.rest);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.close();
    }
  }

  flushed(bytes: number): void {
    this.#owner?.flushed(bytes);
  }

  closed(reason: string): void {
    this.#decide();
    this.#owner?.closed(reason);
  }

  /** Ends it, if nobody took it yet. */
  close(): void {
    if (this.#decoder === undefined) return;
    this.#decide();
    this.#connection.close();
  }

  #route(handshake: Handshake, rest: Uint8Array): void {
    this.#decide();
    this.#owner = this.#router(this.#connection, handshake);
    if (this.#owner === undefined) this.#connection.close();
    else if (rest.length > 0) this.#owner.received(rest);
  }

  #decide(): void {
    if (this.#decoder === undefined) return;
    this.#decoder = undefined;
    this.#onDecided();
  }
}
