import { Bitfield, encodeLtDontHave } from '@p2p/wire';
import { describe, expect, it } from 'vitest';

import { OUR_EXTENSIONS } from '../../src/core/extensions/extending.js';
import type { CoreMessage, SessionId } from '../../src/core/input.js';
import { CoreFixture } from '../fixtures/core-fixture.js';

/** So many that to look at all of them costs as much as twenty frames. */
const PIECES = 1_440;
const loss: CoreMessage = {
  type: 'extended',
  extensionId: OUR_EXTENSIONS.lt_donthave,
  payload: encodeLtDontHave(0),
};

describe('a peer that makes us look at every piece again and again', () => {
  const node = new CoreFixture({ pieces: PIECES, supportsExtended: true });

  function hear(session: SessionId, times: number, ...messages: readonly CoreMessage[]): void {
    for (let count = 0; count < times; count++) for (const message of messages) node.hear(session, message);
  }

  it('by saying that it has everything is closed before long', () => {
    const seed = node.peer('10.1.0.1', { type: 'haveAll' });
    hear(seed, 100, { type: 'haveAll' });
    expect(node.keeps(seed)).toBe(true);
    hear(seed, 100, { type: 'haveAll' });
    expect(node.keeps(seed)).toBe(false);
  });

  it('by losing a piece of all and having it again is closed, too', () => {
    const seed = node.peer('10.2.0.1', { type: 'haveAll' });
    hear(seed, 100, loss, { type: 'have', piece: 0 });
    expect(node.keeps(seed)).toBe(true);
    hear(seed, 100, loss, { type: 'have', piece: 0 });
    expect(node.keeps(seed)).toBe(false);
  });

  it('by bitfields for as many haves, as aria2 sends them, is not', () => {
    const have = new Bitfield(PIECES);
    const peer = node.peer('10.3.0.1', { type: 'haveNone' });
    for (let piece = 0; piece < PIECES; piece++) {
      have.set(piece);
      if (piece % 20 === 19) node.hear(peer, { type: 'bitfield', bits: have.toWire() });
    }
    expect(node.keeps(peer)).toBe(true);
  });

  it('by losing one piece after the other is not', () => {
    const peer = node.peer('10.4.0.1', { type: 'haveAll' });
    hear(peer, 500, loss);
    expect(node.keeps(peer)).toBe(true);
  });
});
