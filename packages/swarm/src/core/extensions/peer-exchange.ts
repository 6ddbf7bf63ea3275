import { PEX_FLAGS, type PeerAddress, type UtPex } from '@p2p/wire';

import type { SessionId } from '../input.js';
import { PexTeller } from './pex-teller.js';
import { readPex, type PexReport } from './pex-intake.js';
import type { Random } from '../random.js';
import { TokenBucket } from '../token-bucket.js';

export type { PexReport } from './pex-intake.js';

/** How often peers are told. */
export interface PeerExchangeOptions {
  /** Between two messages to one peer. BEP 11: a minute; others close on less, so a little more. */
  readonly intervalMs: number;
  /** At most so much is added by chance, so that a swarm does not speak all at once. */
  readonly jitterMs: number;
}

export const DEFAULT_PEER_EXCHANGE_OPTIONS: PeerExchangeOptions = Object.freeze({
  intervalMs: 65_000,
  jitterMs: 5_000,
});

/** A peer with whom we shook hands, and where others can dial it. */
export interface ExchangedPeer {
  readonly session: SessionId;
  /** Never the source port of one who dialled us. */
  readonly address: PeerAddress;
  /** We dialled it: so can others. */
  readonly isReachable: boolean;
  readonly isUploadOnly: boolean;
}

/**
 * Whom we tell about whom, and what we believe of what we are told (BEP 11).
 *
 * Each session is told at once who is there, and from then on every 65 to 70 seconds what changed since it was last told:
 * WebTorrent drops who speaks twice in 60 s. What a young swarm needs sooner, nodes of our own kind tell each other by
 * `p2p_gossip` (see `Gossip`).
 */
export class PeerExchange {
  readonly #random: Random;
  readonly #options: PeerExchangeOptions;
  readonly #teller: PexTeller;
  readonly #sessions = new Map<SessionId, Exchange>();
  #deadline: number | undefined;
  #isDeadlineKnown = true;

  constructor(random: Random, options: Partial<PeerExchangeOptions> = {}) {
    this.#random = random;
    this.#options = { ...DEFAULT_PEER_EXCHANGE_OPTIONS, ...options };
    this.#teller = new PexTeller(random);
  }

  /** The peer introduced itself: it is told at once, if there is anything to tell. Doing so again changes nothing. */
  open(session: SessionId, now: number): void {
    if (this.#sessions.has(session)) return;
    const pace = new TokenBucket(MESSAGES_PER_SECOND, MESSAGES_BURST);
    this.#sessions.set(session, { pace, tellAt: now, hasSpoken: false });
    this.#teller.open(session);
    this.#isDeadlineKnown = false;
  }

  /** Whether the peer wants to be told; it may change its mind (BEP 10, a later handshake). */
  listens(session: SessionId, isListening: boolean, now: number): void {
    const exchange = this.#sessions.get(session);
    if (exchange === undefined) return;
    if (!isListening) exchange.tellAt = Infinity;
    else if (exchange.tellAt === Infinity) exchange.tellAt = now;
    this.#isDeadlineKnown = false;
  }

  close(session: SessionId): void {
    this.#sessions.delete(session);
    this.#teller.close(session);
    this.#isDeadlineKnown = false;
  }

  /** The peer can be told to others; again, when something about it changed. */
  peerConnected({ session, address, isReachable, isUploadOnly }: ExchangedPeer, now: number): void {
    const flags = (isReachable ? PEX_FLAGS.reachable : 0) | (isUploadOnly ? PEX_FLAGS.uploadOnly : 0);
    this.#teller.connected(session, { address, flags }, now);
    this.#isDeadlineKnown = false;
  }

  /**
   * The peer is no longer connected.
   *
   * @param now given only if it was we who left, for lack of room or interest: while the swarm is small others may still
   *   want to hear of it (BEP 11, fewer than 25 peers)
   */
  peerDisconnected(session: SessionId, now?: number): void {
    this.#teller.disconnected(session, now);
    this.#isDeadlineKnown = false;
  }

  /** The sessions for which `nextMessage` may have something now. */
  due(now: number): SessionId[] {
    const due: SessionId[] = [];
    for (const [session, { tellAt }] of this.#sessions) {
      if (tellAt <= now && this.#teller.mayHaveChanges(session)) due.push(session);
    }
    return due;
  }

  /** The message that is due for this session, if any; it counts as sent. */
  nextMessage(session: SessionId, now: number): UtPex | undefined {
    const exchange = this.#sessions.get(session);
    if (exchange === undefined || now < exchange.tellAt) return undefined;
    const message = this.#teller.changes(session, now);
    if (message !== undefined) {
      const { intervalMs, jitterMs } = this.#options;
      exchange.tellAt = now + intervalMs + Math.floor((this.#random.uint32() / 0x1_0000_0000) * (jitterMs + 1));
    }
    this.#isDeadlineKnown = false;
    return message;
  }

  /** When `nextMessage` may have something for somebody. */
  nextDeadline(): number | undefined {
    if (this.#isDeadlineKnown) return this.#deadline;
    this.#isDeadlineKnown = true;
    this.#deadline = undefined;
    for (const [session, { tellAt }] of this.#sessions) {
      if (tellAt >= (this.#deadline ?? Infinity) || !this.#teller.mayHaveChanges(session)) continue;
      this.#deadline = tellAt;
    }
    return this.#deadline;
  }

  /**
   * Judges a message of a peer.
   *
   * @param from the other end of its connection
   * @returns what to believe, or a violation. `tooFast`: six messages at once and one every ten seconds are allowed
   *   (libtorrent closes at the seventh within a minute). `tooSoon`: the peer has not introduced itself, and nothing would
   *   bound what it sends
   */
  received(
    session: SessionId,
    message: UtPex,
    from: PeerAddress,
    now: number,
  ): PexReport | { readonly kind: 'tooFast' | 'tooSoon' } {
    const exchange = this.#sessions.get(session);
    if (exchange === undefined) return { kind: 'tooSoon' };
    if (!exchange.pace.take(now, 1)) return { kind: 'tooFast' };
    const isFirst = !exchange.hasSpoken;
    exchange.hasSpoken = true;
    return readPex(message, from, { isFirst });
  }
}

interface Exchange {
  /** Of what the peer sends. */
  readonly pace: TokenBucket;
  /** Not to be told anything before. */
  tellAt: number;
  /** The peer has told us something. */
  hasSpoken: boolean;
}

const MESSAGES_PER_SECOND = 0.1;
const MESSAGES_BURST = 6;
