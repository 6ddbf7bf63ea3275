import { Bitfield, BLOCK_BYTES, type Metainfo } from '@p2p/wire';
import { describe, expect, it } from 'vitest';

import type { Effect } from '../src/core/effect.js';
import type { CoreMessage, SessionId } from '../src/core/input.js';
import { SwarmCore } from '../src/core/swarm-core.js';
import { resolveSwarmOptions } from '../src/swarm-options.js';
import { SeededRandom } from '../src/testing/seeded-random.js';
import { bytesOf, metainfoOf } from './world.js';

describe('a seeder', () => {
  it('goes on serving the others when a peer takes back the only request that waits', () => {
    // Found by the soup: the peer without a request kept the longest wait, was chosen again and again, and got nothing.
    const seeder = new TestSeeder(32);
    // So many that what the network takes at a time is not enough for one more.
    const busy = ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4'].map((host) => seeder.peer(host));
    const fickle = seeder.peer('10.0.0.5');
    for (let piece = 0; piece < 16; piece++) for (const peer of busy) seeder.hear(peer, request(piece));
    for (const peer of busy) expect(seeder.servedTo(peer)).toBeLessThan(16);
    seeder.hear(fickle, request(20));
    seeder.hear(fickle, { ...request(20), type: 'cancel' });
    seeder.flushEverything();
    for (const peer of busy) expect(seeder.servedTo(peer)).toBe(16);
    expect(seeder.servedTo(fickle)).toBe(0);
  });
});

/** The core of a node that has everything; storage answers at once, the network when it is told to. */
class TestSeeder {
  readonly #core: SwarmCore;
  readonly #metainfo: Metainfo;
  readonly #random = new SeededRandom(1);
  readonly #served = new Map<SessionId, number>();
  readonly #unflushed = new Map<SessionId, number>();

  constructor(pieces: number) {
    this.#metainfo = metainfoOf(bytesOf(this.#random.fork('content'), pieces * BLOCK_BYTES), BLOCK_BYTES);
    const { infoHash } = this.#metainfo;
    const identity = { infoHash, peerId: new Uint8Array(20), listenPort: 6881 };
    this.#core = new SwarmCore(identity, this.#random, resolveSwarmOptions());
    this.#core.handle({ kind: 'attach', metainfo: this.#metainfo, have: Bitfield.full(pieces) }, 0);
    this.#settle();
  }

  /** A leecher that is interested, and unchoked: there are slots enough. It knows no BEP 6, so nothing is suggested or refused. */
  peer(host: string): SessionId {
    const session = this.#core.newSessionId();
    const handshake = {
      infoHash: this.#metainfo.infoHash,
      peerId: bytesOf(this.#random, 20),
      supportsExtended: false,
      supportsFast: false,
      supportsDht: false,
    };
    this.#core.handle({ kind: 'accepted', session, remote: { host, port: 50_000 }, handshake }, 0);
    this.hear(session, { type: 'interested' });
    return session;
  }

  hear(session: SessionId, message: CoreMessage): void {
    this.#core.handle({ kind: 'message', session, message }, 0);
    this.#settle();
  }

  /** Whatever was sent is on the network, and so is what that makes room for. */
  flushEverything(): void {
    for (const [session, bytes] of this.#unflushed) {
      this.#unflushed.delete(session);
      this.#core.handle({ kind: 'flushed', session, bytes }, 1_000);
      this.#settle();
    }
  }

  servedTo(session: SessionId): number {
    return this.#served.get(session) ?? 0;
  }

  #settle(): void {
    for (let effect = this.#core.poll(); effect !== undefined; effect = this.#core.poll()) this.#perform(effect);
  }

  #perform(effect: Effect): void {
    if (effect.kind === 'readBlock') {
      const { session, block } = effect;
      const outcome = { kind: 'read', data: new Uint8Array(block.length) } as const;
      this.#core.handle({ kind: 'blockRead', session, block, outcome }, 0);
    } else if (effect.kind === 'send' && effect.message.type === 'piece') {
      const { session, message } = effect;
      this.#served.set(session, this.servedTo(session) + 1);
      this.#unflushed.set(session, (this.#unflushed.get(session) ?? 0) + message.data.length);
    }
  }
}

function request(piece: number): Extract<CoreMessage, { type: 'request' }> {
  return { type: 'request', piece, begin: 0, length: BLOCK_BYTES };
}
