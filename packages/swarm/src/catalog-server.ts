import type { CatalogEntry } from '@p2p/wire';

import { CatalogLink } from './catalog-link.js';
import { answerCatalogRequest } from './core/extensions/catalog-exchange.js';
import type { Clock, Connection, ConnectionHandler } from './ports.js';

/** What is told to those who ask what we share. */
export interface ServedCatalog {
  readonly peerId: Uint8Array;
  readonly entries: readonly CatalogEntry[];
}

/** Answers questions about what we share, of so many connections at a time, and ends each when its time is over. */
export class CatalogServer {
  readonly #clock: Clock;
  /** What ends each of the connections that are open. */
  readonly #closers = new Set<() => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Who is to get the connection's events; undefined if too many ask at the moment. */
  serve(connection: Connection, catalog: ServedCatalog): ConnectionHandler | undefined {
    if (this.#closers.size >= MAX_CONNECTIONS) return undefined;
    let requestCount = 0;
    const ended = (): void => {
      cancelTimeout();
      this.#closers.delete(close);
    };
    const close = (): void => {
      ended();
      link.close();
    };
    const link = new CatalogLink(connection, {
      peerId: catalog.peerId,
      expectsHandshake: false,
      onReady: () => undefined,
      onMessage: (message) => {
        requestCount += 1;
        if (message.type !== 'request' || requestCount > MAX_REQUESTS) close();
        else link.send(answerCatalogRequest(catalog.entries, message.offset));
      },
      onEnd: ended,
    });
    const cancelTimeout = this.#clock.schedule(this.#clock.now() + MAX_SERVICE_MS, close);
    this.#closers.add(close);
    return link.handler;
  }

  /** Ends every connection. */
  stop(): void {
    for (const close of this.#closers) close();
  }
}

/** Somebody who asks takes well under a second. */
const MAX_SERVICE_MS = 10_000;
/** People ask, one at a time; and who does not read what it asked for has megabytes of it waiting. */
const MAX_CONNECTIONS = 32;
/** Pages of 256 entries: enough for every torrent a node lists, `CATALOG_LISTING_LIMIT`. */
const MAX_REQUESTS = 64;
/** Torrents that a node names at the most. */
export const CATALOG_LISTING_LIMIT = 10_000;
