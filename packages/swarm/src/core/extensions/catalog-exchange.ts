import { MAX_CATALOG_PAGE_ENTRIES, toHex, type CatalogEntry, type CatalogMessage } from '@p2p/wire';

/**
 * One page of what we share (decision D5).
 *
 * @param entries all that is listed; the order must not change between two pages
 */
export function answerCatalogRequest(entries: readonly CatalogEntry[], offset: number): CatalogMessage {
  const page = entries.slice(offset, offset + MAX_CATALOG_PAGE_ENTRIES);
  return { type: 'page', offset, total: entries.length, entries: page };
}

/** What a page came to. */
export type CatalogFetchOutcome =
  /** Send this to get the next one. */
  | { readonly kind: 'more'; readonly request: CatalogMessage }
  /** `isComplete` is false if the peer shares more than we take. */
  | { readonly kind: 'done'; readonly entries: readonly CatalogEntry[]; readonly isComplete: boolean }
  | { readonly kind: 'violation'; readonly code: CatalogViolation };

export type CatalogViolation =
  /** The page does not begin where we asked. */
  | 'catalog page that was not requested'
  /** It says that there is more, and sends nothing. */
  | 'empty catalog page before the end';

/** Reads what a peer shares, page by page, no more than 10,000 entries. */
export class CatalogFetch {
  readonly #entries = new Map<string, CatalogEntry>();
  #offset = 0;
  #isOver = false;

  /** The first message to send. */
  start(): CatalogMessage {
    return { type: 'request', offset: this.#offset };
  }

  /** Takes a page. Two entries of the same torrent count once. */
  received(message: CatalogMessage): CatalogFetchOutcome {
    if (message.type === 'request' || message.offset !== this.#offset || this.#isOver) {
      return this.#end({ kind: 'violation', code: 'catalog page that was not requested' });
    }
    for (const entry of message.entries) {
      if (this.#entries.size < MAX_LISTED_ENTRIES) this.#entries.set(toHex(entry.infoHash), entry);
    }
    this.#offset += message.entries.length;
    const isComplete = this.#offset >= message.total;
    if (isComplete || this.#offset >= MAX_LISTED_ENTRIES) {
      return this.#end({ kind: 'done', entries: [...this.#entries.values()], isComplete });
    }
    if (message.entries.length === 0)
      return this.#end({ kind: 'violation', code: 'empty catalog page before the end' });
    return { kind: 'more', request: { type: 'request', offset: this.#offset } };
  }

  #end(outcome: CatalogFetchOutcome): CatalogFetchOutcome {
    this.#isOver = true;
    return outcome;
  }
}

/** Far more than a person reads; 10,000 of the longest entries are 3 MB. */
const MAX_LISTED_ENTRIES = 10_000;
