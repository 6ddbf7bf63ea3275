import {
  canonicalPriority,
  formatPeerAddress,
  PEX_FLAGS,
  samePeerAddress,
  type PeerAddress,
  type PexPeer,
} from '@p2p/wire';

import { isDialable, needsConfirmation } from './address-rules.js';
import { AddressStates, isBusy } from './address-states.js';
import { retryAt, wasLeftAlone, withDial } from './back-off.js';
import { BanList } from './ban-list.js';
import { DialPace } from './dial-pace.js';
import {
  compareForDial,
  isSeed,
  isTrusted,
  NEVER_DIALED,
  newlyKnown,
  READY,
  saysSeed,
  type AddressSource,
  type KnownAddress,
} from './known-address.js';
import { LinkCensus } from './link-census.js';
import { NewAddresses } from './new-addresses.js';
import { PexSources } from './pex-sources.js';
import { oneOf, type Random } from '../random.js';
import { SelfAddresses } from './self-addresses.js';
import { acquaintancesAmong, worthRemembering } from './vouched-addresses.js';

export type { AddressSource } from './known-address.js';

/** Whom not to dial for the time being. */
export interface DialWish {
  /** We have everything: peers that have everything too are of no use. */
  readonly skipSeeds?: boolean;
}

/**
 * How a connection ended: something was exchanged or it lasted; neither; or one of us had no room, and both should look
 * elsewhere for a while.
 */
export type LinkEnd = 'good' | 'useless' | 'crowded';

/**
 * Every address that the swarm knows: whom to dial next, whom to leave alone for how long, and why.
 *
 * An address is in exactly one state: ready, waiting, dialing or connected. What peers tell is bounded by source, by
 * host and in all, so that no peer can fill the book, make us knock at a victim's door, or become our neighbourhood
 * (protocol.md, C8 and D2 rows 11, 14 to 16).
 */
export class PeerBook {
  /** Kept by whoever opens and closes links; `nextDial` keeps to it, and whoever admits connections should ask. */
  readonly links = new LinkCensus();
  readonly #random: Random;
  readonly #maxAddresses: number;
  readonly #known = new Map<string, KnownAddress>();
  readonly #states = new AddressStates((known, change) => {
    this.#countLink(known, change);
  });
  readonly #new = new NewAddresses();
  readonly #pace = new DialPace();
  readonly #sources = new PexSources();
  readonly #bans = new BanList();
  readonly #selves = new SelfAddresses();
  #ownAddress: PeerAddress | undefined;
  /** Dials under way and connections. */
  #busyCount = 0;
  #newsCount = 0;

  /** @param maxAddresses the bound on the book, and so on its memory: some 400 bytes each */
  constructor(random: Random, maxAddresses: number) {
    this.#random = random;
    this.#maxAddresses = maxAddresses;
  }

  /** Addresses in the book, connected or not. */
  get size(): number {
    return this.#known.size;
  }

  /** Grows by one for each address that peers told us and that was new, or that we had given up for the time being. */
  get newsCount(): number {
    return this.#newsCount;
  }

  /**
   * Remembers an address, or that one more source knows it.
   *
   * @returns whether the book has it now: not if it is our own, banned or nonsense, if its source has told too many or
   *   too many dead ones, or if the book is full of better ones
   */
  add(address: PeerAddress, source: AddressSource, now: number): boolean {
    if (this.#bans.isBanned(address, now)) return false;
    const key = formatPeerAddress(address);
    const known = this.#known.get(key);
    if (known !== undefined) {
      this.#confirm(known, source, now);
      return true;
    }
    const from = source.kind === 'pex' ? source.from : undefined;
    if (!isDialable(address, { from, own: this.#selves.all })) return false;
    const sourceKey = from === undefined ? undefined : formatPeerAddress(from);
    if (sourceKey !== undefined && !this.#sources.mayAdd(sourceKey, now)) return false;
    if (this.#known.size >= this.#maxAddresses && !this.#makeRoom(source)) return false;
    this.#insert(address, key, source, now);
    if (source.kind === 'pex') this.#newsCount += 1;
    return true;
  }

  /**
   * Takes the best address to dial, which is then being dialled: `connected` or `dialFailed` must follow.
   *
   * Undefined if there is none, or if the pace of 30 dials a second does not allow one now.
   */
  nextDial(now: number, wish: DialWish = {}): PeerAddress | undefined {
    this.#states.wakeUp(now);
    return this.#dial(this.#best(now, wish), now);
  }

  /**
   * As `nextDial`, but an address by lot: dialled now and then although all is well, it finds the other half of a swarm
   * that had fallen apart. Peer exchange alone cannot, it lists neighbours only (simulation.md, C.5).
   */
  nextFeeler(now: number, wish: DialWish = {}): PeerAddress | undefined {
    this.#states.wakeUp(now);
    // Also what we gave up for the time being though it was good once: a partition ends without a word.
    const waiting = [...this.#states.waiting].filter((known) => known.isReachable && wasLeftAlone(known, now));
    const candidates = [...this.#states.ready, ...waiting].filter((known) => this.#mayDial(known, now, wish));
    return this.#dial(oneOf(this.#random, candidates), now);
  }

  /** As `nextDial`, but an address that a person told and to which we have no link; by lot, if there are several. */
  nextTold(now: number, wish: DialWish = {}): PeerAddress | undefined {
    this.#states.wakeUp(now);
    const candidates = [...this.#states.ready, ...this.#states.waiting].filter(
      (known) => known.source.kind === 'told' && wasLeftAlone(known, now) && this.#mayDial(known, now, wish),
    );
    return this.#dial(oneOf(this.#random, candidates), now);
  }

  /** When `nextDial` should be asked again though nothing happened: always after `now`. */
  nextWakeup(now: number): number | undefined {
    this.#states.wakeUp(now);
    const pacedUntil = this.#states.ready.size > 0 ? this.#pace.readyAt(now) : undefined;
    const at = Math.min(this.#states.nextRetryAt, pacedUntil ?? Infinity);
    return at === Infinity ? undefined : at;
  }

  /** The dial did not lead to a connection. */
  dialFailed(address: PeerAddress, now: number): void {
    const known = this.#find(address);
    if (known === undefined) return;
    this.#judgeSource(known, false, now);
    known.failures += 1;
    this.#backOff(known, now);
  }

  /** A peer at this address is connected, whoever dialled; one that the book did not know, it knows now. */
  connected(address: PeerAddress, now: number): void {
    const key = formatPeerAddress(address);
    const known = this.#known.get(key) ?? this.#insert(address, key, { kind: 'incoming' }, now);
    if (known.state.kind === 'connected') return;
    if (known.state.kind === 'dialing') {
      this.#judgeSource(known, true, now);
      known.isReachable = true;
      known.dialedAt = [now];
      this.#new.delete(known);
    }
    this.#states.enter(known, { kind: 'connected', since: now });
  }

  /** The connection is over. After a good one the address may be dialled again soon, after a useless one as after a failure. */
  disconnected(address: PeerAddress, now: number, end: LinkEnd): void {
    const known = this.#find(address);
    if (known === undefined) return;
    known.failures = end === 'useless' ? known.failures + 1 : 0;
    if (end !== 'useless') known.goodAt = now;
    this.#backOff(known, now, end === 'crowded' ? CROWDED_DELAY_MS : 0);
  }

  /**
   * Forgets an address because the only source that named it takes it back (BEP 11, `dropped`).
   *
   * One that was dialled is remembered: else a source could have it dialled again and again.
   */
  withdraw(address: PeerAddress, from: PeerAddress): void {
    const known = this.#find(address);
    if (known === undefined || known.isConfirmed || known.dialedAt.length > 0 || isBusy(known.state)) return;
    if (known.source.kind === 'pex' && samePeerAddress(known.source.from, from)) this.#forget(known);
  }

  /** Neither dials nor admits any address of a scope (see `banScope`) for an hour; links to it are to be closed. */
  ban(scope: string, now: number): void {
    this.#bans.ban(scope, now);
    // Those in use too: an address that were still known when its link ends would be dialled again.
    for (const known of [...this.#known.values()]) if (this.#bans.isBanned(known.address, now)) this.#forget(known);
  }

  isBanned(address: PeerAddress, now: number): boolean {
    return this.#bans.isBanned(address, now);
  }

  /** This is ourselves: never to be dialled again, whoever names it. */
  markSelf(address: PeerAddress): void {
    this.#selves.add(address);
    const known = this.#find(address);
    if (known !== undefined) this.#forget(known);
  }

  /** The peer there has everything, as of now: it may lose it all, and be in need of us. */
  markSeed(address: PeerAddress, now: number): void {
    const known = this.#find(address);
    if (known !== undefined) known.seenAsSeedAt = now;
  }

  /** Our own address as peers see it, which the order of BEP 40 needs. */
  setOwnAddress(address: PeerAddress): void {
    if (this.#ownAddress !== undefined && samePeerAddress(this.#ownAddress, address)) return;
    this.#ownAddress = address;
    for (const known of this.#known.values()) known.priority = canonicalPriority(address, known.address);
  }

  /** Who told us of the address first, or a person if one did. */
  sourceOf(address: PeerAddress): AddressSource | undefined {
    return this.#find(address)?.source;
  }

  /** BEP 40's priority of a link to the address; 0 while our own address is unknown. */
  priorityOf(address: PeerAddress): number {
    const known = this.#find(address);
    if (known !== undefined) return known.priority;
    return this.#ownAddress === undefined ? 0 : canonicalPriority(this.#ownAddress, address);
  }

  /** Up to `count` peers that we are or were lately linked to, by lot: whom we can vouch for. */
  acquaintances(count: number, now: number): PexPeer[] {
    return acquaintancesAmong(this.#known.values(), count, this.#random, now);
  }

  /** Marks what an earlier run was linked to longest: dialled before others, so that nobody becomes all we know. */
  markAnchor(address: PeerAddress): void {
    const known = this.#find(address);
    if (known !== undefined) known.isAnchor = true;
  }

  /** Addresses worth keeping across restarts, best first: those connected longest, then those that were of use. */
  snapshot(): PeerAddress[] {
    return worthRemembering(this.#known.values());
  }

  #find(address: PeerAddress): KnownAddress | undefined {
    return this.#known.get(formatPeerAddress(address));
  }

  #insert(address: PeerAddress, key: string, source: AddressSource, now: number): KnownAddress {
    const sourceKey = source.kind === 'pex' ? formatPeerAddress(source.from) : undefined;
    const priority = this.#ownAddress === undefined ? 0 : canonicalPriority(this.#ownAddress, address);
    const known = newlyKnown({ address, key, source, sourceKey, priority, salt: this.#random.uint32() }, now);
    if (sourceKey !== undefined) this.#sources.held(sourceKey);
    this.#known.set(key, known);
    this.#states.ready.add(known);
    this.#new.add(known);
    return known;
  }

  #confirm(known: KnownAddress, source: AddressSource, now: number): void {
    if (source.kind === 'pex' && (source.flags & PEX_FLAGS.reachable) !== 0) this.#revive(known, now);
    // Most addresses are told many times: once confirmed, the sources need not be compared again.
    known.isConfirmed ||=
      source.kind !== 'pex' || known.source.kind !== 'pex' || !samePeerAddress(known.source.from, source.from);
    if (saysSeed(source)) known.seenAsSeedAt = now;
    if (source.kind !== 'told' || known.source.kind === 'told') return;
    // Named by a person: what was remembered against it counts no longer.
    if (isBusy(known.state) && known.sourceKey !== undefined) this.#sources.linked(known.sourceKey, -1);
    this.#releaseSource(known);
    this.#new.delete(known);
    known.source = source;
    known.failures = 0;
    known.dialedAt = NEVER_DIALED;
    if (known.state.kind === 'waiting') this.#states.enter(known, READY);
  }

  /** A peer has dialled what we gave up for the time being: after a partition, that is how word of its end spreads. */
  #revive(known: KnownAddress, now: number): void {
    if (known.state.kind !== 'waiting' || known.failures === 0 || !known.isReachable || !wasLeftAlone(known, now))
      return;
    this.#newsCount += 1;
    this.#states.enter(known, READY);
  }

  #best(now: number, wish: DialWish): KnownAddress | undefined {
    if (!this.#pace.allows(now)) return undefined;
    // A look through the book compares each address with another: that few sources have too many links is found out before.
    const sources = this.#sources.linkedMoreThan(Math.max(MIN_SOURCE_LINKS, MAX_SOURCE_SHARE * this.#busyCount));
    const isOverShare = ({ sourceKey }: KnownAddress): boolean => sourceKey !== undefined && sources.has(sourceKey);
    let best: KnownAddress | undefined;
    for (const known of this.#states.ready) {
      // Most of a full book rank behind the best so far: whether they may be dialled at all need not be known.
      if (best !== undefined && compareForDial(known, best, isOverShare) > 0) continue;
      if (this.#mayDial(known, now, wish)) best = known;
    }
    // One source's word alone is not taken in haste: others may tell us more in a moment.
    if (best !== undefined && isOverShare(best) && !this.#pace.takeOverShare(now)) return undefined;
    return best;
  }

  #mayDial(known: KnownAddress, now: number, wish: DialWish): boolean {
    if (wish.skipSeeds === true && isSeed(known, now)) return false;
    if (this.links.isCrowded(known.address.host)) return false;
    if (isTrusted(known)) return true;
    return !needsConfirmation(known.address) && !this.#sources.isMuted(known.sourceKey ?? '', now);
  }

  #dial(known: KnownAddress | undefined, now: number): PeerAddress | undefined {
    if (known === undefined || !this.#pace.take(now)) return undefined;
    known.dialedAt = withDial(known.dialedAt, now);
    this.#states.enter(known, { kind: 'dialing' });
    return known.address;
  }

  #backOff(known: KnownAddress, now: number, leastMs = 0): void {
    this.#states.enter(known, { kind: 'waiting', retryAt: retryAt(known, now, leastMs, this.#random) });
  }

  #countLink(known: KnownAddress, change: 1 | -1): void {
    this.#busyCount += change;
    if (known.sourceKey !== undefined) this.#sources.linked(known.sourceKey, change);
  }

  #judgeSource(known: KnownAddress, isAlive: boolean, now: number): void {
    if (known.sourceKey !== undefined && known.dialedAt.length === 1 && known.failures === 0 && !known.isReachable) {
      this.#sources.judged(known.sourceKey, isAlive, now);
    }
  }

  /**
   * Forgets an address for a new one: of those we only heard of by `NewAddresses`, else what failed most, else, for what a
   * person tells, anything that nobody told.
   */
  #makeRoom(newcomer: AddressSource): boolean {
    const victim = this.#new.victim(this.#random);
    if (victim !== undefined) {
      // What is as good as the newcomer gives way seldom: the book changes slowly, whatever is poured over it.
      if (newcomer.kind === 'pex' && victim.failures === 0 && this.#random.uint32() % NEWS_PER_CHANGE > 0) return false;
      this.#forget(victim);
      return true;
    }
    const worst = this.#failedMost(newcomer.kind === 'told' ? 0 : 1);
    if (worst !== undefined) this.#forget(worst);
    return worst !== undefined;
  }

  /** What failed most often, and so many times at least, of what nobody told and what is not in use. */
  #failedMost(minFailures: number): KnownAddress | undefined {
    let worst: KnownAddress | undefined;
    for (const known of this.#known.values()) {
      if (isBusy(known.state) || known.source.kind === 'told' || known.failures < minFailures) continue;
      if (worst === undefined || known.failures > worst.failures) worst = known;
    }
    return worst;
  }

  #forget(known: KnownAddress): void {
    this.#states.forget(known);
    this.#known.delete(known.key);
    this.#new.delete(known);
    this.#releaseSource(known);
  }

  #releaseSource(known: KnownAddress): void {
    if (known.sourceKey === undefined) return;
    this.#sources.released(known.sourceKey);
    known.sourceKey = undefined;
  }
}

/** D2 row 15: of our links from one source, once there are so many that it matters. */
const MAX_SOURCE_SHARE = 0.25;
const MIN_SOURCE_LINKS = 8;
/** One in so many new addresses replaces an old one when the book is full. */
const NEWS_PER_CHANGE = 4;
/** libtorrent's `min_reconnect_time`. */
const CROWDED_DELAY_MS = 60_000;
