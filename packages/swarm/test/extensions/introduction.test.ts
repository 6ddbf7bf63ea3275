/** Goal: what a peer may send rests on its extended handshake, and on no number of them. */
import {
  decodeGossip,
  decodeUtPex,
  encodeExtendedHandshake,
  encodeGossip,
  encodeOffer,
  encodeUtPex,
  toHex,
} from '@p2p/wire';
import { describe, expect, it } from 'vitest';

import { Extending, OUR_EXTENSIONS } from '../../src/core/extensions/extending.js';
import type { CoreMessage } from '../../src/core/input.js';
import { SwarmState } from '../../src/core/swarm-state.js';
import { resolveSwarmOptions } from '../../src/swarm-options.js';
import { SeededRandom } from '../../src/testing/seeded-random.js';
import { CoreFixture } from '../fixtures/core-fixture.js';

const pex = extended(OUR_EXTENSIONS.ut_pex, encodeUtPex({ added: [], dropped: [] }));
const gossip = extended(OUR_EXTENSIONS.p2p_gossip, encodeGossip({ type: 'answer', linkCount: 1, peers: [] }));

describe('a peer that has not introduced itself', () => {
  it.each([
    ['peer exchange', pex],
    ['gossip', gossip],
  ])('is closed when it sends %s', (_, message) => {
    const node = new CoreFixture({ pieces: 4, supportsExtended: true });
    expect(node.keeps(node.peer('10.1.0.1', message))).toBe(false);
  });
});

describe('a peer that introduced itself', () => {
  it('may send peer exchange, and gossip once it has announced it', () => {
    const node = new CoreFixture({ pieces: 4, supportsExtended: true });
    const plain = node.peer('10.1.0.1', introduction({}), pex);
    expect(node.keeps(plain)).toBe(true);
    node.hear(plain, introduction({ p2p_gossip: 4 }));
    node.hear(plain, gossip);
    expect(node.keeps(plain)).toBe(true);
    expect(node.keeps(node.peer('10.2.0.1', introduction({}), gossip))).toBe(false);
  });

  it('is told few peers by gossip when it has just come, and more later: ut_pex names some in the same moment', () => {
    const node = new CoreFixture({ pieces: 4, supportsExtended: true });
    for (let index = 1; index <= 30; index++) node.introduce(node.peer(`10.${index}.0.1`), 6881);
    const newcomer = node.peer('20.1.0.1', introduction({ ut_pex: 1, p2p_gossip: 4 }));
    const told = () =>
      node.sentTo(newcomer, 'extended').flatMap(({ extensionId, payload }) => {
        const isAnswer = extensionId === 4 && decodeGossip(payload).type === 'answer';
        return isAnswer ? [decodeGossip(payload).peers.length] : [];
      });
    const ask = extended(OUR_EXTENSIONS.p2p_gossip, encodeGossip({ type: 'ask', linkCount: 1, peers: [] }));
    node.hear(newcomer, ask);
    expect(told()).toEqual([3]);
    node.pass(0);
    const inUtPex = node.sentTo(newcomer, 'extended').filter(({ extensionId }) => extensionId === 1);
    expect(inUtPex.map(({ payload }) => decodeUtPex(payload).added.length)).toEqual([25]);
    node.pass(5_000);
    node.hear(newcomer, ask);
    expect(told()).toEqual([3, 20]);
  });

  it('may offer a turn, and is closed when the offer is no number', () => {
    const node = new CoreFixture({ pieces: 4, supportsExtended: true });
    const peer = node.peer('10.1.0.1', introduction({ p2p_offer: 5 }), { type: 'haveNone' });
    node.hear(peer, extended(OUR_EXTENSIONS.p2p_offer, encodeOffer({ blockCount: 4, holdsMs: 600 })));
    expect(node.keeps(peer)).toBe(true);
    node.hear(peer, extended(OUR_EXTENSIONS.p2p_offer, encodeOffer({ blockCount: 4, holdsMs: 600 }).subarray(1)));
    expect(node.keeps(peer)).toBe(false);
  });

  it('is told that an offer is of no use while it has said nothing of its pieces', () => {
    const node = new CoreFixture({ pieces: 4, supportsExtended: true });
    const peer = node.peer('10.1.0.1', introduction({ p2p_offer: 77 }));
    node.hear(peer, extended(OUR_EXTENSIONS.p2p_offer, encodeOffer({ blockCount: 4, holdsMs: 600 })));
    expect(node.keeps(peer)).toBe(true);
    expect(node.sentTo(peer, 'extended').at(-1)).toEqual(extended(77, encodeOffer({ blockCount: 0, holdsMs: 0 })));
  });

  it('does not speak faster for introducing itself again and again, with names or without', () => {
    const node = new CoreFixture({ pieces: 4, supportsExtended: true });
    for (const names of [{}, { ut_pex: 1, p2p_gossip: 4 }]) {
      const eager = node.peer(`10.1.0.${String(1 + Object.keys(names).length)}`, introduction(names));
      for (let count = 0; count < 6; count++) {
        node.hear(eager, introduction(names));
        node.hear(eager, pex);
      }
      expect(node.keeps(eager)).toBe(true);
      node.hear(eager, introduction(names));
      node.hear(eager, pex);
      expect(node.keeps(eager)).toBe(false);
    }
  });

  it('has only the names kept that we know, and a later number takes the place of an earlier one', () => {
    const options = resolveSwarmOptions({});
    const identity = { infoHash: new Uint8Array(20), peerId: new Uint8Array(20), listenPort: undefined };
    const state = new SwarmState(identity, new SeededRandom(1), options);
    const session = state.openSession(1, { isOutgoing: false, remote: { host: '10.1.0.1', port: 50_000 } });
    const extending = new Extending(state, deafListener);
    for (let turn = 0; turn < 20; turn++) {
      const names = Array.from({ length: 100 }, (_, index): [string, number] => [
        `x${String(turn)}_${toHex(Uint8Array.of(index))}`,
        1,
      ]);
      extending.received(session, 0, introduction({ ut_pex: turn, ...Object.fromEntries(names) }).payload);
    }
    extending.received(session, 0, introduction({ ut_metadata: 3 }).payload);
    expect(Object.fromEntries(session.extensionIds)).toEqual({ ut_pex: 19, ut_metadata: 3 });
  });
});

const deafListener = {
  introduced: () => undefined,
  seenAs: () => undefined,
  lost: () => undefined,
  promised: () => undefined,
  offered: () => undefined,
  learnt: () => undefined,
  acquaintances: () => [],
  isInNeed: () => false,
};

function introduction(names: Record<string, number>): Extract<CoreMessage, { type: 'extended' }> {
  return extended(0, encodeExtendedHandshake({ extensions: new Map(Object.entries(names)) }));
}

function extended(extensionId: number, payload: Uint8Array): Extract<CoreMessage, { type: 'extended' }> {
  return { type: 'extended', extensionId, payload };
}
