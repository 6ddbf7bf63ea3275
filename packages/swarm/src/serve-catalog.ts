import type { CatalogEntry } from '@p2p/wire';

import { CatalogLink } from './catalog-link.js';
import { answerCatalogRequest } from './core/extensions/catalog-exchange.js';
import type { Clock, Connection, ConnectionHandler } from './ports.js';

/** What is told to those who ask what we share. */
export interface ServedCatalog {
  readonly peerId: Uint8Array;
  readonly entries: readonly CatalogEntry[];
}

/** Answers one connection's questions about what we share, and ends it when its time is over. */
export function serveCatalog(clock: Clock, connection: Connection, catalog: ServedCatalog): ConnectionHandler {
  let requestCount = 0;
  const link = new CatalogLink(connection, {
    peerId: catalog.peerId,
    expectsHandshake: false,
    onReady: () => undefined,
    onMessage: (message) => {
      requestCount += 1;
      if (message.type !== 'request' || requestCount > MAX_REQUESTS) link.close();
      else link.send(answerCatalogRequest(catalog.entries, message.offset));
    },
    onEnd: () => {
      cancelTimeout();
    },
  });
  const cancelTimeout = clock.schedule(clock.now() + MAX_SERVICE_MS, () => {
    link.close();
  });
  return link.handler;
}

/** Somebody who asks takes well under a second. */
const MAX_SERVICE_MS = 10_000;
/** Pages of 256 entries: enough for every torrent a node lists, `CATALOG_LISTING_LIMIT`. */
const MAX_REQUESTS = 64;
/** Torrents that a node names at the most. */
export const CATALOG_LISTING_LIMIT = 10_000;
