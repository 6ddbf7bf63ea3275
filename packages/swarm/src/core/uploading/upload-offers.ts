import { BLOCK_BYTES, MAX_OFFERED_BLOCKS } from '@p2p/wire';

import { BestRate } from '../best-rate.js';
import { DEADLINE } from '../deadline-keys.js';
import { LONGEST_TURN, sendOffer, understandsOffers } from '../offer-message.js';
import type { Payload } from '../payload.js';
import { OfferOrder } from './offer-order.js';
import type { Session } from '../session.js';
import type { SwarmState } from '../swarm-state.js';

/** Told of what becomes of offers. */
export interface OfferListener {
  /** The peer is about to be offered a turn. */
  offering(session: Session): void;
  /** It has not taken it. */
  lapsed(session: Session): void;
}

/**
 * Who may ask us next, of nodes of our own kind, while more peers want something than there are slots (PROTOCOL.md, 5.6).
 *
 * With slots alone each peer asks whoever has unchoked it, long before the blocks can be sent: requests pile up at some, while
 * the uplinks of others have nothing to do. So it is the sender who decides, when it nearly has nothing left to send: it offers a few
 * peers a turn each, and whoever has room on its downlink takes it. What waits here is what was asked for a moment ago, so that a
 * new piece is passed on at once.
 *
 * A flash crowd of a hundred (S01, 2 Mbit/s up and down, in virtual time): the last is done after 1.16 of the bound, with slots
 * alone after 1.25.
 */
export class UploadOffers<P extends Payload> {
  readonly #state: SwarmState<P>;
  readonly #listener: OfferListener;
  readonly #order: OfferOrder;
  readonly #uplink = new BestRate(UPLINK_MEAN_MS, UPLINK_KNOWN_AFTER_MS);
  /** By peer: what it was offered last. */
  readonly #offers = new Map<Session, MadeOffer>();
  /** Peers whose offers are neither taken nor over, in the order in which they were made. */
  readonly #open = new Map<Session, MadeOffer>();
  /** Peers to whom something may be on its way: they have asked, and the last look did not find that all of it was sent. */
  readonly #served = new Set<Session>();
  /** Something changed since the last look: there may be something to offer, or somebody. */
  #isToBeLookedAt = true;

  constructor(state: SwarmState<P>, listener: OfferListener) {
    this.#state = state;
    this.#listener = listener;
    const { random, options } = state;
    this.#order = new OfferOrder(random, options.choker, options.seedChoker);
  }

  /** What was stored, sent, asked for or learnt of a peer may make room for an offer, or somebody for it. */
  changed(): void {
    this.#isToBeLookedAt = true;
  }

  flushed(bytes: number): void {
    this.#uplink.add(this.#state.now, bytes);
    this.#isToBeLookedAt = true;
  }

  closed(session: Session): void {
    this.#offers.delete(session);
    this.#open.delete(session);
    this.#served.delete(session);
    this.#isToBeLookedAt = true;
  }

  /** The peer is choked from now on, and was not: what it asks for before it hears of that is served. */
  replacesSlot(session: Session): void {
    const { now, options } = this.#state;
    const offer = { blockCount: 0, blocksLeft: options.requestQueueLimit, at: now, holdsMs: LEAST_OPEN_MS };
    this.#offers.set(session, offer);
    this.#served.add(session);
    if (this.#open.has(session)) this.#open.set(session, offer);
    this.#isToBeLookedAt = true;
  }

  /** Whether a block may be asked for though the peer is choked; if so, it counts as served. */
  admits(session: Session): boolean {
    const offer = this.#offers.get(session);
    if (offer === undefined || offer.blocksLeft === 0) return false;
    if (this.#state.now > offer.at + offer.holdsMs * ADMITTED_TIMES) return false;
    offer.blocksLeft -= 1;
    this.#served.add(session);
    if (this.#open.delete(session)) this.#isToBeLookedAt = true;
    return true;
  }

  /** The peer has no use for what it was offered: somebody else may have. */
  declined(session: Session): void {
    if (!this.#open.delete(session)) return;
    session.hasNews = false;
    this.#letRest(session);
  }

  /** Looks for offers that nobody took in time. */
  expire(): void {
    const { now, deadlines } = this.#state;
    this.#isToBeLookedAt = true;
    for (const [session, { at, holdsMs }] of this.#open) {
      if (at + holdsMs > now) {
        deadlines.arm(DEADLINE.offers, at + holdsMs);
        continue;
      }
      this.#open.delete(session);
      this.#letRest(session);
    }
  }

  /**
   * Makes as many offers as there is room for; true if there was any.
   *
   * @param wantingCount peers that want something
   * @param isStalled whether what was sent to a peer stands still, and keeps nobody waiting
   */
  look(wantingCount: number, isStalled: (session: Session) => boolean): boolean {
    if (!this.#isToBeLookedAt) return false;
    this.#isToBeLookedAt = false;
    const { content } = this.#state;
    if (content === undefined) return false;
    const most = this.#blocksOnUplink();
    const blockCount = turnOf(most / Math.max(LEAST_OPEN, wantingCount), content.scheduler.blocksOfPiece);
    let room = most - this.#expectedBlocks(isStalled);
    if (room <= 0) return false;
    const { now, isSeeding } = this.#state;
    const able = this.#able(blockCount);
    let hasMadeAny = false;
    for (; room > 0; room -= blockCount) {
      const session = this.#order.choose(able, isSeeding, now);
      if (session === undefined) break;
      able.splice(able.indexOf(session), 1);
      this.#offer(session, blockCount);
      hasMadeAny = true;
    }
    return hasMadeAny;
  }

  /** What was asked for by offers and is not sent yet, or may still be asked for. */
  #expectedBlocks(isStalled: (session: Session) => boolean): number {
    let blocks = 0;
    for (const { blockCount } of this.#open.values()) blocks += blockCount;
    for (const session of this.#served) {
      const waiting = blocksFor(session);
      if (waiting === 0) this.#served.delete(session);
      else if (!isStalled(session)) blocks += waiting;
    }
    return blocks;
  }

  /** What the uplink carries in a short time. */
  #blocksOnUplink(): number {
    const rate = this.#uplink.bytesPerSecond;
    return rate === undefined ? FIRST_BLOCKS : (rate * SECONDS) / BLOCK_BYTES;
  }

  /** For how long an offer holds: on a slow line it waits behind blocks on its way, and so does what it is answered with. */
  #holdsMs(): number {
    const rate = this.#uplink.bytesPerSecond ?? Infinity;
    const ms = Math.round((OPEN_BLOCKS * BLOCK_BYTES * 1_000) / rate);
    return Math.min(Math.max(ms, LEAST_OPEN_MS), MOST_OPEN_MS);
  }

  #offer(session: Session, blockCount: number): void {
    const { now, deadlines } = this.#state;
    this.#listener.offering(session);
    const holdsMs = this.#holdsMs();
    // Of the turn before, requests may still be on their way.
    const blocksLeft = blockCount + Math.min(this.#offers.get(session)?.blocksLeft ?? 0, blockCount);
    const offer = { blockCount, blocksLeft, at: now, holdsMs };
    this.#offers.set(session, offer);
    this.#open.set(session, offer);
    deadlines.arm(DEADLINE.offers, now + holdsMs);
    sendOffer(this.#state, session, { blockCount, holdsMs });
  }

  /** Lapsed, or declined: it is others' turn first. */
  #letRest(session: Session): void {
    session.noOfferBefore = this.#state.now + REST_MS;
    this.#state.deadlines.arm(DEADLINE.offers, session.noOfferBefore);
    this.#isToBeLookedAt = true;
    this.#listener.lapsed(session);
  }

  /** Those who can be offered a turn. */
  #able(blockCount: number): Session[] {
    const able: Session[] = [];
    for (const session of this.#state.sessions.values()) if (this.#isAble(session, blockCount)) able.push(session);
    return able;
  }

  #isAble(session: Session, blockCount: number): boolean {
    if (!session.isOpen || !session.amChoking || session.noOfferBefore > this.#state.now) return false;
    if (!session.isInterested && !session.hasNews) return false;
    return understandsOffers(session) && !this.#open.has(session) && session.uploads.length < blockCount;
  }
}

/** What a peer was offered, and what is left of it. */
interface MadeOffer {
  readonly blockCount: number;
  /** Requests that are admitted yet, with those of the offer before. */
  blocksLeft: number;
  readonly at: number;
  /** Until it may be another's. */
  readonly holdsMs: number;
}

/** What the peer asked for and was not sent yet. */
function blocksFor({ uploads, unflushedBlockBytes, readingBytes }: Session): number {
  return uploads.length + (unflushedBlockBytes + readingBytes) / BLOCK_BYTES;
}

/** Blocks of one offer: whole pieces where they are not long, so that each is complete, and can be passed on, soon. */
function turnOf(share: number, blocksOfPiece: number): number {
  if (share < blocksOfPiece) return Math.min(blocksOfPiece, LONGEST_TURN);
  return Math.min(Math.floor(share / blocksOfPiece) * blocksOfPiece, MAX_OFFERED_BLOCKS);
}

/** Where there are fewer peers than turns in the time below, each gets longer ones. */
const LEAST_OPEN = 6;
/** What is asked for, or may be, and not sent yet: as much as is asked for on the other side, see `DownloadRoom`. */
const SECONDS = 1.5;
const UPLINK_MEAN_MS = 4_000;
const UPLINK_KNOWN_AFTER_MS = 2_000;
/** Before the uplink is known: six pieces of 64 KiB. */
const FIRST_BLOCKS = 24;
/** Whoever has no room for so long is not waited for: nine blocks take 0.6 s of 2 Mbit/s. */
const OPEN_BLOCKS = 9;
const LEAST_OPEN_MS = 600;
const MOST_OPEN_MS = 20_000;
const REST_MS = 600;
/** Requests that were sent in time come so much later: they too wait behind blocks on their way. */
const ADMITTED_TIMES = 4;
