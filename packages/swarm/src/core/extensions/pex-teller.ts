import { formatPeerAddress, PEX_FLAGS, type PexPeer, type UtPex } from '@p2p/wire';

import type { SessionId } from '../input.js';
import { drawToFront, type Random } from '../random.js';
import { SlotSet } from '../pieces/slot-set.js';

/**
 * Keeps account of what each session was told, and finds what it must still be told (BEP 11).
 *
 * Invariant: what a session was told, minus what it was told is gone, is what it believes; a message is the difference
 * between that and the peers that are there now. So nothing is ever both added and dropped in one message, nothing is
 * told twice, and every drop is told in the end.
 *
 * Each address has a numbered slot while it is there or believed by anybody, and what a session believes is a set of
 * slots: with forty links a node keeps forty such sets, and a simulation keeps ten thousand nodes.
 */
export class PexTeller {
  readonly #random: Random;
  readonly #slots: (Slot | undefined)[] = [];
  readonly #byKey = new Map<string, Slot>();
  /** Several sessions may have one address for a moment: a duplicate that is about to close. */
  readonly #bySession = new Map<SessionId, Slot>();
  /** Peers we left not long ago, oldest first: told while the swarm is thin. */
  readonly #recent = new Set<Slot>();
  readonly #listeners = new Map<SessionId, Listener>();
  #liveCount = 0;
  /** Grows with every change of who is there. */
  #version = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  open(session: SessionId): void {
    this.#listeners.set(session, { told: new SlotSet(), takenBack: undefined, version: undefined, isNew: true });
  }

  close(session: SessionId): void {
    const listener = this.#listeners.get(session);
    if (listener === undefined) return;
    this.#listeners.delete(session);
    for (const slot of this.#slots) if (slot !== undefined && listener.told.has(slot.index)) this.#untold(slot);
  }

  connected(session: SessionId, peer: PexPeer, now: number): void {
    this.#forgetOldPeers(now);
    const key = formatPeerAddress(peer.address);
    const before = this.#bySession.get(session);
    const slot = this.#byKey.get(key) ?? this.#newSlot(key, peer);
    // A changed flag is nobody's news: it goes with the address to those who have not heard of it yet.
    slot.peer = peer;
    if (before === slot) return;
    if (before !== undefined) this.disconnected(session, undefined);
    if (slot.leftAt !== undefined) this.#forgetRecent(slot);
    this.#bySession.set(session, slot);
    if (slot.sessionCount === 0) this.#liveCount += 1;
    slot.sessionCount += 1;
    this.#version += 1;
  }

  disconnected(session: SessionId, leftAt: number | undefined): void {
    const slot = this.#bySession.get(session);
    if (slot === undefined) return;
    this.#bySession.delete(session);
    slot.sessionCount -= 1;
    if (slot.sessionCount > 0) return;
    this.#liveCount -= 1;
    this.#version += 1;
    if (leftAt === undefined) {
      this.#freeIfUnused(slot);
      return;
    }
    slot.leftAt = leftAt;
    this.#recent.add(slot);
    for (const oldest of this.#recent) {
      if (this.#recent.size <= MAX_RECENT) return;
      this.#forgetRecent(oldest);
      this.#freeIfUnused(oldest);
    }
  }

  /** Whether anything changed since the session was last told, though it need not concern it. */
  mayHaveChanges(session: SessionId): boolean {
    const listener = this.#listeners.get(session);
    return listener !== undefined && listener.version !== this.#version;
  }

  /** What the session must be told now; it counts as told. Undefined if there is nothing. */
  changes(session: SessionId, now: number): UtPex | undefined {
    const listener = this.#listeners.get(session);
    if (listener === undefined || listener.version === this.#version) return undefined;
    this.#forgetOldPeers(now);
    const difference = this.#difference(listener, this.#bySession.get(session));
    const added = this.#choose(difference.added, listener.isNew ? MAX_AT_FIRST : MAX_PER_LIST);
    const dropped = difference.dropped.slice(0, MAX_PER_LIST);
    const message = {
      added: added.map(({ peer }) => peer),
      dropped: dropped.map(({ peer }) => peer.address),
    };
    for (const slot of dropped) this.#takeBack(listener, slot);
    for (const slot of added) {
      listener.told.add(slot.index);
      slot.toldCount += 1;
    }
    const isComplete = added.length === difference.added.length && dropped.length === difference.dropped.length;
    // Recent peers are taken back in the next message: that is a change still to be told, as is what did not fit.
    listener.version = isComplete && !added.some((slot) => slot.sessionCount === 0) ? this.#version : undefined;
    if (added.length === 0 && dropped.length === 0) return undefined;
    listener.isNew = false;
    return message;
  }

  /** What is there and not believed; what is believed and not there. */
  #difference(listener: Listener, itself: Slot | undefined): Difference {
    const added: Slot[] = [];
    const dropped: Slot[] = [];
    const isThin = this.#liveCount < THIN_SWARM;
    for (const slot of this.#slots) {
      if (slot === undefined) continue;
      const isThere = slot.sessionCount > 0 && slot !== itself;
      if (listener.told.has(slot.index)) {
        if (!isThere) dropped.push(slot);
      } else if (isThere) added.push(slot);
      else if (isThin && slot.leftAt !== undefined && slot !== itself) {
        // Told and taken back once is enough.
        if (listener.takenBack?.has(slot.index) !== true) added.push(slot);
      }
    }
    return { added, dropped };
  }

  /** By lot: if everybody told the same, everybody would link to the same. Those that others can dial come first. */
  #choose(candidates: Slot[], most: number): Slot[] {
    drawToFront(this.#random, candidates, candidates.length - 1);
    if (candidates.length <= most) return candidates;
    const isReachable = ({ peer }: Slot): boolean => (peer.flags & PEX_FLAGS.reachable) !== 0;
    return [
      ...candidates.filter((slot) => isReachable(slot)),
      ...candidates.filter((slot) => !isReachable(slot)),
    ].slice(0, most);
  }

  #takeBack(listener: Listener, slot: Slot): void {
    listener.told.delete(slot.index);
    if (slot.leftAt !== undefined) {
      listener.takenBack ??= new SlotSet();
      listener.takenBack.add(slot.index);
    }
    this.#untold(slot);
  }

  #untold(slot: Slot): void {
    slot.toldCount -= 1;
    this.#freeIfUnused(slot);
  }

  #newSlot(key: string, peer: PexPeer): Slot {
    const free = this.#slots.indexOf(undefined);
    const index = free < 0 ? this.#slots.length : free;
    const slot: Slot = { index, key, peer, sessionCount: 0, toldCount: 0, leftAt: undefined };
    this.#slots[index] = slot;
    this.#byKey.set(key, slot);
    return slot;
  }

  #freeIfUnused(slot: Slot): void {
    if (slot.sessionCount > 0 || slot.toldCount > 0 || slot.leftAt !== undefined) return;
    this.#byKey.delete(slot.key);
    this.#slots[slot.index] = undefined;
  }

  #forgetOldPeers(now: number): void {
    for (const slot of this.#recent) {
      if ((slot.leftAt ?? 0) + RECENT_MS >= now) continue;
      this.#forgetRecent(slot);
      this.#freeIfUnused(slot);
    }
  }

  #forgetRecent(slot: Slot): void {
    this.#recent.delete(slot);
    slot.leftAt = undefined;
    for (const listener of this.#listeners.values()) listener.takenBack?.delete(slot.index);
  }
}

/** A session that is told. */
interface Listener {
  /** The slots that it believes to be there. */
  readonly told: SlotSet;
  /** Recent peers that it was told to be gone. */
  takenBack: SlotSet | undefined;
  /** Of the account when it was last told everything; undefined if something is still to be told. */
  version: number | undefined;
  /** It was told nothing yet. */
  isNew: boolean;
}

/** An address that is there, was there lately, or is believed to be. */
interface Slot {
  readonly index: number;
  readonly key: string;
  peer: PexPeer;
  /** Sessions at this address now. */
  sessionCount: number;
  /** Listeners that believe it to be there. */
  toldCount: number;
  /** When we left it, while that is recent. */
  leftAt: number | undefined;
}

interface Difference {
  readonly added: Slot[];
  readonly dropped: Slot[];
}

/** BEP 11: of added and of dropped ones, both families together. */
const MAX_PER_LIST = 50;
/**
 * In the first message, though it might be longer: it is what a bootstrap peer has to send to each of a crowd, and whoever knows a few
 * peers hears of the others from them. With a hundred a thousand newcomers would keep a slow line of 2 Mbit/s busy for six seconds.
 */
const MAX_AT_FIRST = 25;
/** BEP 11: below this many peers, up to as many recently seen ones may be told. */
const THIN_SWARM = 25;
const MAX_RECENT = 25;
const RECENT_MS = 10 * 60 * 1_000;
