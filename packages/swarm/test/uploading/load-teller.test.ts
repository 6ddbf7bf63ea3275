import { BLOCK_BYTES, decodeLoad, encodeExtendedHandshake } from '@p2p/wire';
import { describe, expect, it } from 'vitest';

import type { CoreMessage, SessionId } from '../../src/core/input.js';
import { CoreFixture } from '../fixtures/core-fixture.js';

/** The number under which the peers of these tests want to hear of our load. */
const LOAD_ID = 9;
const INTERESTED: CoreMessage = { type: 'interested' };
const KNOWS_LOAD: CoreMessage = {
  type: 'extended',
  extensionId: 0,
  payload: encodeExtendedHandshake({ extensions: new Map([['p2p_load', LOAD_ID]]) }),
};

/** What a peer was told of our load, in order. */
function toldTo(seeder: CoreFixture, peer: SessionId): boolean[] {
  const messages = seeder.sentTo(peer, 'extended').filter(({ extensionId }) => extensionId === LOAD_ID);
  return messages.map(({ payload }) => decodeLoad(payload));
}

/** The peer asks for these pieces, of one block each. */
function ask(seeder: CoreFixture, peer: SessionId, from: number, to: number): void {
  for (let piece = from; piece < to; piece++) {
    seeder.hear(peer, { type: 'request', piece, begin: 0, length: BLOCK_BYTES });
  }
}

function seederOf(pieces: number): CoreFixture {
  return new CoreFixture({ pieces, isSeeder: true, supportsExtended: true, options: { uploadSlots: 2 } });
}

describe('what a node says of its load', () => {
  it('is news to those who may ask: loaded above 256 KiB, free again with three quarters of that', () => {
    const seeder = seederOf(40);
    const [busy, other] = ['10.0.0.1', '10.0.0.2'].map((host) => seeder.peer(host, KNOWS_LOAD, INTERESTED));
    if (busy === undefined || other === undefined) throw new Error('two peers');
    ask(seeder, busy, 0, 15);
    expect(toldTo(seeder, other)).toEqual([]);
    ask(seeder, busy, 15, 17);
    expect([toldTo(seeder, busy), toldTo(seeder, other)]).toEqual([[true], [true]]);
    seeder.flushBlocks();
    seeder.flushBlocks();
    expect([toldTo(seeder, busy), toldTo(seeder, other)]).toEqual([
      [true, false],
      [true, false],
    ]);
  });

  it('is told to a peer that is unchoked meanwhile, and not to one that is choked or does not know the extension', () => {
    const seeder = seederOf(40);
    const busy = seeder.peer('10.0.0.1', KNOWS_LOAD, INTERESTED);
    const plain = seeder.peer('10.0.0.2', INTERESTED);
    const choked = seeder.peer('10.0.0.3', KNOWS_LOAD, INTERESTED);
    ask(seeder, busy, 0, 20);
    expect(toldTo(seeder, busy)).toEqual([true]);
    expect([toldTo(seeder, plain), toldTo(seeder, choked)]).toEqual([[], []]);
    seeder.lose(plain);
    expect(toldTo(seeder, choked)).toEqual([true]);
  });

  it('closes a peer that says something else', () => {
    const seeder = seederOf(1);
    const peer = seeder.peer('10.0.0.1', KNOWS_LOAD);
    seeder.hear(peer, { type: 'extended', extensionId: 5, payload: Uint8Array.of(2) });
    expect(seeder.keeps(peer)).toBe(false);
  });
});
