import { Bitfield, BLOCK_BYTES, type Metainfo } from '@p2p/wire';

import type { Effect } from '../src/core/effect.js';
import type { CoreMessage, PieceCommitOutcome, SessionId } from '../src/core/input.js';
import { SwarmCore } from '../src/core/swarm-core.js';
import { resolveSwarmOptions, type SwarmOptions } from '../src/swarm-options.js';
import { SeededRandom } from '../src/testing/seeded-random.js';
import { bytesOf, metainfoOf } from './world.js';

/** The core of one node, with pieces of one block; its peers say what they are told to, and what it says to them is kept. */
export class CoreFixture {
  readonly #core: SwarmCore;
  readonly #metainfo: Metainfo;
  readonly #random = new SeededRandom(1);
  readonly #sent = new Map<SessionId, CoreMessage[]>();
  readonly #unflushed = new Map<SessionId, number>();
  readonly #closed = new Set<SessionId>();
  readonly #supportsFast: boolean;
  readonly #storage: () => PieceCommitOutcome;
  #now = 0;

  constructor(chosen: CoreFixtureOptions) {
    const {
      pieces,
      isSeeder = false,
      options = {},
      supportsFast = true,
      storage = () => ({ kind: 'stored' }),
    } = chosen;
    this.#supportsFast = supportsFast;
    this.#metainfo = metainfoOf(bytesOf(this.#random.fork('content'), pieces * BLOCK_BYTES), BLOCK_BYTES);
    this.#storage = storage;
    const identity = { infoHash: this.#metainfo.infoHash, peerId: new Uint8Array(20), listenPort: 6881 };
    this.#core = new SwarmCore(identity, this.#random, resolveSwarmOptions(options));
    const have = isSeeder ? Bitfield.full(pieces) : new Bitfield(pieces);
    this.#core.handle({ kind: 'attach', metainfo: this.#metainfo, have }, 0);
    this.#settle();
  }

  /** A peer that dialled us, and says this at once. */
  peer(host: string, ...messages: readonly CoreMessage[]): SessionId {
    const session = this.#core.newSessionId();
    const handshake = {
      infoHash: this.#metainfo.infoHash,
      peerId: bytesOf(this.#random, 20),
      supportsExtended: false,
      supportsFast: this.#supportsFast,
      supportsDht: false,
    };
    this.#core.handle({ kind: 'accepted', session, remote: { host, port: 50_000 }, handshake }, this.#now);
    this.#settle();
    for (const message of messages) this.hear(session, message);
    return session;
  }

  /** So much time goes by. */
  pass(ms: number): void {
    this.wait(this.#now + ms);
  }

  hear(session: SessionId, message: CoreMessage): void {
    this.#core.handle({ kind: 'message', session, message }, this.#now);
    this.#settle();
  }

  lose(session: SessionId): void {
    this.#core.handle({ kind: 'lost', session, detail: 'gone' }, this.#now);
    this.#settle();
  }

  /** Lets time pass until the condition holds; whether it does before `untilMs`. */
  wait(untilMs: number, isOver: () => boolean = () => false): boolean {
    while (!isOver()) {
      const next = this.#core.nextWakeup();
      if (next === undefined || next > untilMs) {
        this.#now = untilMs;
        return false;
      }
      this.#now = Math.max(this.#now, next);
      this.#core.handle({ kind: 'wakeUp' }, this.#now);
      this.#settle();
    }
    return true;
  }

  /** Every block that was sent is on the network, and so is what that makes room for. */
  flushBlocks(): void {
    for (const [session, bytes] of this.#unflushed) {
      this.#unflushed.delete(session);
      this.#core.handle({ kind: 'flushed', session, bytes }, this.#now);
      this.#settle();
    }
  }

  /** Whether the node has not closed the session by itself. */
  keeps(session: SessionId): boolean {
    return !this.#closed.has(session);
  }

  /** What the node sent to a peer, of these kinds. */
  sentTo<T extends CoreMessage['type']>(
    session: SessionId,
    ...types: readonly T[]
  ): Extract<CoreMessage, { type: T }>[] {
    const isWanted = (message: CoreMessage): message is Extract<CoreMessage, { type: T }> =>
      types.some((type) => type === message.type);
    return (this.#sent.get(session) ?? []).filter(isWanted);
  }

  #settle(): void {
    for (let effect = this.#core.poll(); effect !== undefined; effect = this.#core.poll()) this.#perform(effect);
  }

  #perform(effect: Effect): void {
    if (effect.kind === 'close') this.#closed.add(effect.session);
    else if (effect.kind === 'send') {
      const messages = this.#sent.get(effect.session) ?? [];
      this.#sent.set(effect.session, [...messages, effect.message]);
      if (effect.message.type === 'piece') {
        const bytes = this.#unflushed.get(effect.session) ?? 0;
        this.#unflushed.set(effect.session, bytes + effect.message.data.length);
      }
    } else if (effect.kind === 'readBlock') {
      const outcome = { kind: 'read', data: new Uint8Array(effect.block.length) } as const;
      this.#core.handle({ kind: 'blockRead', session: effect.session, block: effect.block, outcome }, this.#now);
    } else if (effect.kind === 'commitPiece') {
      this.#core.handle({ kind: 'pieceCommitted', piece: effect.piece, outcome: this.#storage() }, this.#now);
    }
  }
}

interface CoreFixtureOptions {
  readonly pieces: number;
  readonly isSeeder?: boolean;
  readonly options?: Partial<SwarmOptions>;
  /** Whether its peers know BEP 6; true unless said otherwise. */
  readonly supportsFast?: boolean;
  /** What becomes of each piece that is complete. */
  readonly storage?: () => PieceCommitOutcome;
}
