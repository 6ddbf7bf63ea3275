import type { PeerAddress } from '@p2p/wire';

import { DEADLINE } from '../deadline-keys.js';
import { linkToShed } from './link-shedding.js';
import type { Payload } from '../payload.js';
import type { PeerBook } from '../addresses/peer-book.js';
import type { Session } from '../session.js';
import type { SwarmState } from '../swarm-state.js';

/**
 * Keeps the overlay whole while all seems well: lets links go when there are too many, lets a few go now and then so that
 * the graph keeps mixing, and dials feelers, which are all that finds the other half of a swarm that fell apart
 * (simulation.md, C.5 rows 2 to 4).
 */
export class Upkeep<P extends Payload> {
  readonly #state: SwarmState<P>;
  readonly #book: PeerBook;
  readonly #dial: (address: PeerAddress) => void;
  #feelerAt: number | undefined;
  #turnoverAt = 0;
  #feelerCount = 0;

  constructor(state: SwarmState<P>, book: PeerBook, dial: (address: PeerAddress) => void) {
    this.#state = state;
    this.#book = book;
    this.#dial = dial;
  }

  /** There is something to keep up: addresses are known, or a link is open. */
  start(): void {
    if (this.#feelerAt !== undefined) return;
    this.#turnoverAt = this.#state.now + TURNOVER_MS;
    this.#armFeeler();
  }

  stop(): void {
    this.#feelerAt = Infinity;
    this.#state.deadlines.disarm(DEADLINE.upkeep);
  }

  /** Does what is due. */
  due(): void {
    const { now } = this.#state;
    if (now >= this.#turnoverAt) {
      this.#turnoverAt = now + TURNOVER_MS;
      this.#turnOver();
    }
    if (this.#feelerAt !== undefined && now >= this.#feelerAt) {
      this.#feel();
      this.#armFeeler();
    }
    this.#arm();
  }

  /** Lets go of links while there are more than are good for anybody, as far as the others will not miss them. */
  shed(): void {
    for (let links = this.#state.linkCount; links > this.#state.manyLinks; links -= 1) {
      if (!this.#letGo({ isForced: false })) return;
    }
  }

  /** Frees a place for a newcomer when there is none; false if nobody can be asked to go. */
  makeRoom(): boolean {
    return this.#letGo({ isForced: true });
  }

  /** libtorrent's peer turnover: 4 % of the links every 5 minutes while nine places in ten are taken. */
  #turnOver(): void {
    const { linkCount, manyLinks } = this.#state;
    if (linkCount <= TURNOVER_ABOVE * manyLinks) return;
    for (let count = Math.ceil(TURNOVER_SHARE * linkCount); count > 0; count -= 1) this.#letGo({ isForced: false });
  }

  /** Dials one address that no need would make us dial; now and then one that a person told. */
  #feel(): void {
    const { now, isSeeding, sessions, dialingCount, options } = this.#state;
    if (sessions.size >= options.maxPeers || dialingCount >= options.maxDialing) return;
    this.#feelerCount += 1;
    // Seeds look after a bootstrap that was one too: if it lost everything, it knows nobody, and waits to be called.
    const told = this.#feelerCount % FEELERS_PER_TOLD === 0 ? this.#book.nextTold(now) : undefined;
    const address = told ?? this.#book.nextFeeler(now, { skipSeeds: isSeeding });
    if (address !== undefined) this.#dial(address);
  }

  #letGo({ isForced }: { readonly isForced: boolean }): boolean {
    const { now, options, fewLinks, sessions } = this.#state;
    const victim = linkToShed(sessions.values(), {
      now,
      priorityOf: (session: Session) => this.#book.priorityOf(this.#state.addressOf(session)),
      reservedForYoung: Math.max(1, Math.floor(YOUNG_SHARE * options.maxPeers)),
      enoughLinks: Math.min(options.targetPeers, options.maxPeers),
      fewLinks,
      isForced,
    });
    if (victim !== undefined) this.#state.close(victim, { party: 'us', code: 'tooManyPeers', detail: '' });
    return victim !== undefined;
  }

  #armFeeler(): void {
    const chance = this.#state.random.uint32() / 0x1_0000_0000;
    this.#feelerAt = this.#state.now + FEELER_MS + Math.floor(chance * FEELER_MS);
    this.#arm();
  }

  #arm(): void {
    this.#state.deadlines.arm(DEADLINE.upkeep, Math.min(this.#feelerAt ?? Infinity, this.#turnoverAt));
  }
}

/** A feeler every 30 to 60 s; each fourth goes to what a person told. */
const FEELER_MS = 30_000;
const FEELERS_PER_TOLD = 4;
/** libtorrent: `peer_turnover_interval`, `peer_turnover`, `peer_turnover_cutoff`. */
const TURNOVER_MS = 5 * 60 * 1_000;
const TURNOVER_SHARE = 0.04;
const TURNOVER_ABOVE = 0.9;
/** Of all places, kept for peers younger than a minute. */
const YOUNG_SHARE = 0.1;
