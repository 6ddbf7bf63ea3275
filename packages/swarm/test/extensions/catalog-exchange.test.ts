import { decodeCatalog, encodeCatalog, type CatalogEntry, type CatalogMessage } from '@p2p/wire';
import { describe, expect, it } from 'vitest';

import { answerCatalogRequest, CatalogFetch } from '../../src/core/extensions/catalog-exchange.js';

function entries(count: number): CatalogEntry[] {
  return Array.from({ length: count }, (_, index) => {
    const infoHash = new Uint8Array(20);
    new DataView(infoHash.buffer).setUint32(0, index);
    return { infoHash, name: `file ${index}`, length: index, pieceLength: 65_536 };
  });
}

/** Reads a catalogue over the wire's own encoding; returns what came of it and how many requests it took. */
function list(shared: readonly CatalogEntry[]) {
  const fetch = new CatalogFetch();
  let request: CatalogMessage = fetch.start();
  for (let requestCount = 1; ; requestCount++) {
    const { offset } = decodeCatalog(encodeCatalog(request));
    const page = decodeCatalog(encodeCatalog(answerCatalogRequest(shared, offset)));
    const outcome = fetch.received(page);
    if (outcome.kind !== 'more') return { outcome, requestCount };
    request = outcome.request;
  }
}

describe('a catalogue', () => {
  it.each([
    [0, 1],
    [1, 1],
    [256, 1],
    [257, 2],
    [1_000, 4],
  ])('of %i entries comes in %i pages', (count, pageCount) => {
    const shared = entries(count);
    expect(list(shared)).toEqual({
      outcome: { kind: 'done', entries: shared, isComplete: true },
      requestCount: pageCount,
    });
  });

  it('is read to ten thousand entries, and says that there were more', () => {
    const { outcome } = list(entries(11_000));
    expect(outcome).toMatchObject({ kind: 'done', isComplete: false });
    expect(outcome.kind === 'done' ? outcome.entries.length : 0).toBe(10_000);
  });

  it('names a torrent once, though it was listed twice', () => {
    const [entry] = entries(1);
    if (entry === undefined) throw new Error('expected an entry');
    expect(list([entry, entry]).outcome).toMatchObject({ kind: 'done', entries: [entry] });
  });

  it('answers a request beyond its end with an empty page', () => {
    expect(answerCatalogRequest(entries(3), 5)).toEqual({ type: 'page', offset: 5, total: 3, entries: [] });
  });

  it('may grow while it is read', () => {
    const fetch = new CatalogFetch();
    fetch.start();
    expect(fetch.received({ type: 'page', offset: 0, total: 2, entries: entries(1) })).toMatchObject({ kind: 'more' });
    const last = fetch.received({ type: 'page', offset: 1, total: 3, entries: entries(4).slice(1) });
    expect(last).toMatchObject({ kind: 'done', isComplete: true });
  });
});

describe('a peer that breaks the rules of a catalogue', () => {
  it.each<[string, CatalogMessage, string]>([
    ['sends another page', { type: 'page', offset: 9, total: 20, entries: [] }, 'catalog page that was not requested'],
    ['asks instead of answering', { type: 'request', offset: 0 }, 'catalog page that was not requested'],
    [
      'sends nothing before the end',
      { type: 'page', offset: 0, total: 1, entries: [] },
      'empty catalog page before the end',
    ],
  ])('%s', (_name, message, code) => {
    const fetch = new CatalogFetch();
    fetch.start();
    expect(fetch.received(message)).toEqual({ kind: 'violation', code });
    expect(fetch.received({ type: 'page', offset: 0, total: 0, entries: [] })).toMatchObject({ kind: 'violation' });
  });
});
