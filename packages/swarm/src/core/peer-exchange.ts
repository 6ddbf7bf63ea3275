import { PEX_FLAGS, type PeerAddress, type UtPex } from '@p2p/wire';

import type { SessionId } from './input.js';
import { PexTeller } from './pex-teller.js';
import { readPex, type PexReport } from './pex-intake.js';
import type { Random } from './random.js';
import { TokenBucket } from './token-bucket.js';

export type { PexReport } from './pex-intake.js';

/** How often peers are told. */
export interface PeerExchangeOptions {
  /** Between two messages to one peer. BEP 11: a minute; others close on less, so a little more. */
  readonly intervalMs: number;
  /** At most so much is added by chance, so that a swarm does not speak all at once. */
  readonly jitterMs: number;
  /** Between two messages to a node of our own kind. */
  readonly ownKindIntervalMs: number;
}

export const DEFAULT_PEER_EXCHANGE_OPTIONS: PeerExchangeOptions = Object.freeze({
  intervalMs: 65_000,
  jitterMs: 5_000,
  ownKindIntervalMs: 1_000,
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
 * Each session is told at once who is there, and from then on what changed since it was last told. Foreign clients hear
 * from us every 65 to 70 seconds: WebTorrent drops who speaks twice in 60 s. A young swarm would stay a chain of strangers
 * for that long, so nodes of our own kind, and only they, tell each other changes a second after they happen; they say
 * who they are by their peer id, and accept that pace (see `received`).
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

  /** The peer understands `ut_pex`: it is told at once, if there is anything to tell. */
  open(session: SessionId, now: number, { isOwnKind }: { readonly isOwnKind: boolean }): void {
    const pace = isOwnKind
      ? new TokenBucket(OWN_KIND_MESSAGES_PER_SECOND, OWN_KIND_BURST)
      : new TokenBucket(FOREIGN_MESSAGES_PER_SECOND, FOREIGN_BURST);
    this.#sessions.set(session, { isOwnKind, pace, tellAt: now });
    this.#teller.open(session);
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

  /** The message that is due for this session, if any; it counts as sent. */
  nextMessage(session: SessionId, now: number): UtPex | undefined {
    const exchange = this.#sessions.get(session);
    if (exchange === undefined || now < exchange.tellAt) return undefined;
    const message = this.#teller.changes(session, now);
    if (message !== undefined) {
      const { intervalMs, jitterMs, ownKindIntervalMs } = this.#options;
      const jitter = Math.floor((this.#random.uint32() / 0x1_0000_0000) * (jitterMs + 1));
      exchange.tellAt = now + (exchange.isOwnKind ? ownKindIntervalMs : intervalMs + jitter);
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
   * @returns what to believe, or `tooFast`: a violation. Foreign clients are allowed six messages at once and one every
   *   ten seconds (libtorrent closes at the seventh within a minute), our own kind seventy and two a second
   */
  received(
    session: SessionId,
    message: UtPex,
    from: PeerAddress,
    now: number,
  ): PexReport | { readonly kind: 'tooFast' } {
    const exchange = this.#sessions.get(session);
    if (exchange?.pace.take(now, 1) === false) return { kind: 'tooFast' };
    return readPex(message, from);
  }
}

interface Exchange {
  readonly isOwnKind: boolean;
  /** Of what the peer sends. */
  readonly pace: TokenBucket;
  /** Not to be told anything before. */
  tellAt: number;
}

const FOREIGN_MESSAGES_PER_SECOND = 0.1;
const FOREIGN_BURST = 6;
const OWN_KIND_MESSAGES_PER_SECOND = 2;
/** A connection that stalls for a minute delivers a minute's messages at once; after that it is given up. */
const OWN_KIND_BURST = 70;
