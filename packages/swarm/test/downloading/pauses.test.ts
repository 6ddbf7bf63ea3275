import { BLOCK_BYTES } from '@p2p/wire';
import { describe, expect, it } from 'vitest';

import type { SessionId } from '../../src/core/input.js';
import { CoreFixture } from '../fixtures/core-fixture.js';

const REJECT = { type: 'reject', piece: 0, begin: 0, length: BLOCK_BYTES } as const;
/** Something else is looked at so often, and must not make us forget what else is due. */
const OFTEN = { keepAliveMs: 1_200 };

function askedCount(node: CoreFixture, session: SessionId): number {
  return node.sentTo(session, 'request').length;
}

describe('a peer that', () => {
  it('only rejects is asked again after a second, though something else was due before', () => {
    const node = new CoreFixture({ pieces: 1 });
    const peer = node.peer('10.1.0.1', { type: 'haveAll' }, { type: 'unchoke' }, { type: 'allowedFast', piece: 0 });
    node.pass(2_500);
    for (let count = 1; count <= 32; count++) {
      expect(askedCount(node, peer)).toBe(count);
      node.hear(peer, REJECT);
    }
    node.pass(999);
    expect(askedCount(node, peer)).toBe(32);
    node.pass(2);
    expect(askedCount(node, peer)).toBe(33);
  });

  it('lets us have a piece while it chokes us is asked for it after three seconds, though something else was due before', () => {
    const node = new CoreFixture({ pieces: 1, options: OFTEN });
    const peer = node.peer('10.1.0.1', { type: 'haveAll' }, { type: 'allowedFast', piece: 0 });
    node.pass(2_999);
    expect(askedCount(node, peer)).toBe(0);
    node.pass(2);
    expect(askedCount(node, peer)).toBe(1);
  });
});
