import { BLOCK_BYTES } from '@p2p/wire';
import { describe, expect, it } from 'vitest';

import { CoreFixture } from '../fixtures/core-fixture.js';

/** Greater than the fixture's own: of two connections the one that this peer dialled stays. */
const GREATER_ID = new Uint8Array(20).fill(0xf0);
const CORRUPT = { type: 'piece', piece: 0, begin: 0, data: new Uint8Array(BLOCK_BYTES) } as const;

describe('whoever comes with the peer id of another', () => {
  const honest = { host: '8.8.8.8', port: 6881 };

  function aLinkTakenOverBy(host: string): { readonly node: CoreFixture; readonly usurper: number } {
    const node = new CoreFixture({ pieces: 1, storage: () => ({ kind: 'corrupt' }) });
    const dialed = node.dial(honest);
    node.connect(dialed);
    node.shakeHands(dialed, GREATER_ID);
    const usurper = node.accept(host, GREATER_ID);
    expect([node.keeps(dialed), node.keeps(usurper)]).toEqual([false, true]);
    return { node, usurper };
  }

  it('from another host does not get its address: a ban of the one is no ban of the other', () => {
    const { node, usurper } = aLinkTakenOverBy('66.6.6.6');
    node.hear(usurper, { type: 'haveAll' });
    node.hear(usurper, { type: 'unchoke' });
    node.hear(usurper, CORRUPT);
    expect([node.keeps(usurper), node.keeps(node.accept('66.6.6.6'))]).toEqual([false, false]);
    expect(node.keeps(node.accept(honest.host))).toBe(true);
    node.pass(60_000);
    expect(node.dialCountOf(honest)).toBeGreaterThan(1);
  });

  it('from the same host is the same peer: its address is not dialled again', () => {
    const { node } = aLinkTakenOverBy(honest.host);
    node.pass(60_000);
    expect(node.dialCountOf(honest)).toBe(1);
  });
});
