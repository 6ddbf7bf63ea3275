import { describe, expect, it } from 'vitest';

import { CoreFixture } from '../fixtures/core-fixture.js';

describe('a node that learns the metadata from its peers', () => {
  it('closes the session of who sent a bitfield that does not fit, and asks the others for pieces', () => {
    const node = new CoreFixture({ pieces: 10, knowsMetadata: false });
    const short = node.peer('10.1.0.1', { type: 'bitfield', bits: Uint8Array.of(0xff) });
    const spare = node.peer('10.2.0.1', { type: 'bitfield', bits: Uint8Array.of(0xff, 0xff) });
    const honest = node.peer('10.3.0.1', { type: 'bitfield', bits: Uint8Array.of(0xff, 0xc0) }, { type: 'unchoke' });
    node.learnMetadata();
    expect([short, spare, honest].map((session) => node.keeps(session))).toEqual([false, false, true]);
    expect(node.sentTo(honest, 'request').length).toBeGreaterThan(0);
  });
});
