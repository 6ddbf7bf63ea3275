import { BLOCK_BYTES, encodeLoad } from '@p2p/wire';
import { describe, expect, it } from 'vitest';

import type { CoreMessage, SessionId } from '../../src/core/input.js';
import { CoreFixture } from '../fixtures/core-fixture.js';

const UNCHOKES: readonly CoreMessage[] = [{ type: 'haveAll' }, { type: 'unchoke' }];

/** Two seeders who owe ten blocks each, which is all the room there is. */
function leecherOfTwo(): { readonly leecher: CoreFixture; readonly a: SessionId; readonly b: SessionId } {
  const leecher = new CoreFixture({ pieces: 100, supportsExtended: true, options: { initialRequests: 10 } });
  const [a, b] = ['10.0.0.1', '10.0.0.2'].map((host) => leecher.peer(host, ...UNCHOKES));
  if (a === undefined || b === undefined) throw new Error('two peers');
  expect([askedOf(leecher, a), askedOf(leecher, b)]).toEqual([10, 10]);
  return { leecher, a, b };
}

function askedOf(leecher: CoreFixture, peer: SessionId): number {
  return leecher.sentTo(peer, 'request').length;
}

/** The peer sends the first block it was asked for. */
function deliver(leecher: CoreFixture, peer: SessionId): void {
  const piece = leecher.sentTo(peer, 'request')[0]?.piece ?? -1;
  leecher.hear(peer, { type: 'piece', piece, begin: 0, data: new Uint8Array(BLOCK_BYTES) });
}

describe('the room for one block more', () => {
  it('goes to whoever owes least', () => {
    const { leecher, a, b } = leecherOfTwo();
    deliver(leecher, a);
    expect([askedOf(leecher, a), askedOf(leecher, b)]).toEqual([11, 10]);
  });

  it('goes to a peer that is free before one that says it is loaded, though that has just sent', () => {
    const { leecher, a, b } = leecherOfTwo();
    deliver(leecher, b);
    leecher.hear(a, { type: 'extended', extensionId: 5, payload: encodeLoad(true) });
    deliver(leecher, a);
    expect([askedOf(leecher, a), askedOf(leecher, b)]).toEqual([10, 12]);
  });

  it('goes to a loaded peer when nobody else can take it', () => {
    const { leecher, a, b } = leecherOfTwo();
    leecher.hear(a, { type: 'extended', extensionId: 5, payload: encodeLoad(true) });
    leecher.hear(b, { type: 'choke' });
    deliver(leecher, a);
    expect(askedOf(leecher, a)).toBeGreaterThan(10);
  });
});
