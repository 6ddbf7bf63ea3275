import {
  decodeExtendedHandshake,
  encodeExtendedHandshake,
  encodeGossip,
  encodeUtPex,
  type ExtendedHandshake,
} from '@p2p/wire';
import { describe, expect, it } from 'vitest';

import { OUR_EXTENSIONS } from '../../src/core/extensions/extending.js';
import type { CoreMessage, SessionId } from '../../src/core/input.js';
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

describe('a node whose torrent turns out to be private (BEP 27)', () => {
  /** Two that can be told of each other, and the node that is linked to both. */
  function meeting(isPrivate: boolean): { node: CoreFixture; peers: SessionId[] } {
    const node = new CoreFixture({ pieces: 10, knowsMetadata: false, supportsExtended: true, isPrivate });
    const peers = ['20.1.0.1', '20.2.0.1'].map((host) => node.peer(host, introduction(50_000)));
    node.learnMetadata();
    return { node, peers };
  }

  /** Messages of peer exchange and of gossip in the time afterwards, in which one of the two has a new port. */
  function toldLater(isPrivate: boolean): number {
    const { node, peers } = meeting(isPrivate);
    const before = told(node, peers);
    for (const port of [51_000, 52_000]) {
      peers.slice(0, 1).forEach((peer) => {
        node.hear(peer, introduction(port));
      });
      node.pass(20_000);
    }
    expect(peers.map((peer) => node.keeps(peer))).toEqual([true, true]);
    return told(node, peers) - before;
  }

  it('tells nobody of anybody from then on', () => {
    expect(toldLater(true)).toBe(0);
    expect(toldLater(false)).toBeGreaterThan(4);
  });

  it('says so to those whom it told that it would listen', () => {
    const { node, peers } = meeting(true);
    for (const peer of peers) {
      const handshakes = introductionsTo(node, peer).map(({ extensions }) => Object.fromEntries(extensions));
      expect(handshakes.at(0)).toEqual(OUR_EXTENSIONS);
      expect(handshakes.at(-1)).toEqual({ ...OUR_EXTENSIONS, ut_pex: 0, p2p_gossip: 0 });
    }
  });

  it('passes over what was on its way', () => {
    const { node, peers } = meeting(true);
    const pex = encodeUtPex({ added: [], dropped: [] });
    const gossip = encodeGossip({ type: 'ask', linkCount: 1, peers: [] });
    for (const peer of peers) {
      node.hear(peer, { type: 'extended', extensionId: OUR_EXTENSIONS.ut_pex, payload: pex });
      node.hear(peer, { type: 'extended', extensionId: OUR_EXTENSIONS.p2p_gossip, payload: gossip });
      expect(node.keeps(peer)).toBe(true);
    }
  });
});

function introduction(port: number): CoreMessage {
  const extensions = new Map(Object.entries(OUR_EXTENSIONS));
  return { type: 'extended', extensionId: 0, payload: encodeExtendedHandshake({ extensions, port }) };
}

function introductionsTo(node: CoreFixture, peer: SessionId): ExtendedHandshake[] {
  const handshakes = node.sentTo(peer, 'extended').filter(({ extensionId }) => extensionId === 0);
  return handshakes.map(({ payload }) => decodeExtendedHandshake(payload));
}

function told(node: CoreFixture, peers: readonly SessionId[]): number {
  const ids: number[] = [OUR_EXTENSIONS.ut_pex, OUR_EXTENSIONS.p2p_gossip];
  const messages = peers.flatMap((peer) => node.sentTo(peer, 'extended'));
  return messages.filter(({ extensionId }) => ids.includes(extensionId)).length;
}
