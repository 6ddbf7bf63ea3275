import { BLOCK_BYTES } from '@p2p/wire';
import { describe, expect, it } from 'vitest';

import { CoreFixture } from '../fixtures/core-fixture.js';

/** Greater than the fixture's own: of two connections the one that this peer dialled stays. */
const GREATER_ID = new Uint8Array(20).fill(0xf0);
const CORRUPT = { type: 'piece', piece: 0, begin: 0, data: new Uint8Array(BLOCK_BYTES) } as const;

describe('whoever comes with the peer id of another', () => {
  const honest = { host: '8.8.8.8', port: 6881 };

  function aLinkAndAnotherFrom(host: string): { readonly node: CoreFixture; readonly kept: boolean[]; other: number } {
    const node = new CoreFixture({ pieces: 1, storage: () => ({ kind: 'corrupt' }) });
    const dialed = node.dial(honest);
    node.connect(dialed);
    node.shakeHands(dialed, GREATER_ID);
    const other = node.accept(host, GREATER_ID);
    return { node, kept: [node.keeps(dialed), node.keeps(other)], other };
  }

  it('from another host ends no link of it, and a ban of the one is no ban of the other', () => {
    const { node, kept, other } = aLinkAndAnotherFrom('66.6.6.6');
    expect(kept).toEqual([true, true]);
    node.hear(other, { type: 'haveAll' });
    node.hear(other, { type: 'unchoke' });
    node.hear(other, CORRUPT);
    expect([node.keeps(other), node.keeps(node.accept('66.6.6.6'))]).toEqual([false, false]);
    expect(node.keeps(node.accept(honest.host))).toBe(true);
  });

  it('from another host, and first, does not keep it out', () => {
    const node = new CoreFixture({ pieces: 1 });
    const liar = node.accept('66.6.6.6', GREATER_ID);
    const [first, second] = [node.accept(honest.host, GREATER_ID), node.accept(honest.host, GREATER_ID)];
    expect([liar, first, second].map((session) => node.keeps(session))).toEqual([true, true, false]);
  });

  it('from the same host is the same peer: its address is not dialled again', () => {
    const { node, kept } = aLinkAndAnotherFrom(honest.host);
    expect(kept).toEqual([false, true]);
    node.pass(60_000);
    expect(node.dialCountOf(honest)).toBe(1);
  });
});

describe('a peer that dialled us', () => {
  it('is known under one address, however many it tells', () => {
    const node = new CoreFixture({ pieces: 1, options: { maxKnownAddresses: 100 } });
    const restless = node.accept('8.8.8.8');
    for (let port = 1_025; port < 1_325; port++) {
      node.introduce(restless, port);
      node.pass(1_000);
    }
    expect(node.status.knownAddressCount).toBe(1);
    node.introduce(node.accept('8.8.8.9'), 6_881);
    expect(node.status.knownAddressCount).toBe(2);
  });

  it('takes no place from its neighbours once it has left', () => {
    const node = new CoreFixture({ pieces: 1 });
    const visitor = node.accept('8.8.8.8');
    for (let port = 7_000; port < 7_020; port++) node.introduce(visitor, port);
    node.lose(visitor);
    expect(node.keeps(node.accept('8.8.8.9'))).toBe(true);
  });

  it('is one of three of its host, whether it says where it listens or not', () => {
    const node = new CoreFixture({ pieces: 1 });
    const [first = 0, ...rest] = Array.from({ length: 150 }, () => node.accept('8.8.8.8'));
    expect([first, ...rest].filter((session) => node.keeps(session))).toHaveLength(3);
    node.lose(first);
    expect([node.keeps(node.accept('8.8.8.8')), node.keeps(node.accept('8.8.8.8'))]).toEqual([true, false]);
  });

  it('is one of any number on this machine and nearby, where many nodes share a host', () => {
    const node = new CoreFixture({ pieces: 1 });
    for (const host of ['127.0.0.1', '10.0.0.1']) {
      const sessions = Array.from({ length: 50 }, () => node.accept(host));
      expect(sessions.every((session) => node.keeps(session))).toBe(true);
    }
  });
});

describe('a peer that we dial', () => {
  it('has ten seconds for its handshake from the connection, however long that took', () => {
    const node = new CoreFixture({ pieces: 1 });
    const slow = node.dial({ host: '8.8.8.8', port: 6881 });
    node.pass(9_500);
    node.connect(slow);
    node.pass(9_999);
    expect(node.keeps(slow)).toBe(true);
    node.pass(1);
    expect(node.keeps(slow)).toBe(false);
  });
});
