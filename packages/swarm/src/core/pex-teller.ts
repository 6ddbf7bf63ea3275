import { formatPeerAddress, type PeerAddress, type PexPeer, type UtPex } from '@p2p/wire';

import type { SessionId } from './input.js';
import type { Random } from './random.js';

/**
 * Keeps account of what each session was told, and finds what it must still be told (BEP 11).
 *
 * Invariant: what a session was told, minus what it was told is gone, is what it believes; a message is the difference
 * between that and the peers that are there now. So nothing is ever both added and dropped in one message, nothing is
 * told twice, and every drop is told in the end.
 */
export class PexTeller {
  readonly #random: Random;
  /** Who is connected. Several sessions may have one address for a moment: a duplicate that is about to close. */
  readonly #live = new Map<SessionId, LivePeer>();
  /** Peers we left not long ago, by address, oldest first: told while the swarm is thin. */
  readonly #recent = new Map<string, RecentPeer>();
  readonly #listeners = new Map<SessionId, Listener>();
  /** Grows with every change of who is there. */
  #version = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  open(session: SessionId): void {
    this.#listeners.set(session, { believed: new Map(), takenBack: new Set(), version: undefined });
  }

  close(session: SessionId): void {
    this.#listeners.delete(session);
  }

  connected(session: SessionId, peer: PexPeer, now: number): void {
    this.#forgetOldPeers(now);
    const key = formatPeerAddress(peer.address);
    const known = this.#live.get(session);
    this.#live.set(session, { key, peer });
    if (this.#recent.has(key)) this.#forgetRecent(key);
    // A changed flag is nobody's news: it goes with the address to those who have not heard of it yet.
    if (known?.key !== key) this.#version += 1;
  }

  disconnected(session: SessionId, leftAt: number | undefined): void {
    const gone = this.#live.get(session);
    if (gone === undefined) return;
    this.#live.delete(session);
    this.#version += 1;
    if (leftAt === undefined) return;
    this.#recent.set(gone.key, { peer: gone.peer, leftAt });
    for (const oldest of this.#recent.keys()) {
      if (this.#recent.size <= MAX_RECENT) return;
      this.#forgetRecent(oldest);
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
    const difference = this.#difference(listener, this.#live.get(session)?.key);
    const added = this.#choose(difference.added);
    const dropped = difference.dropped.slice(0, MAX_PER_LIST);
    for (const [key, { isRecent }] of dropped) {
      listener.believed.delete(key);
      if (isRecent) listener.takenBack.add(key);
    }
    for (const { key, peer, isRecent } of added) listener.believed.set(key, { address: peer.address, isRecent });
    const isComplete = added.length === difference.added.length && dropped.length === difference.dropped.length;
    // Recent peers are taken back in the next message: that is a change still to be told, as is what did not fit.
    listener.version = isComplete && !added.some(({ isRecent }) => isRecent) ? this.#version : undefined;
    if (added.length === 0 && dropped.length === 0) return undefined;
    return { added: added.map(({ peer }) => peer), dropped: dropped.map(([, { address }]) => address) };
  }

  /** What is there and not believed; what is believed and not there. */
  #difference({ believed, takenBack }: Listener, itself: string | undefined): Difference {
    const there = new Set<string>();
    const added = new Map<string, Candidate>();
    for (const { key, peer } of this.#live.values()) {
      there.add(key);
      if (key !== itself && !believed.has(key)) added.set(key, { key, peer, isRecent: false });
    }
    if (there.size < THIN_SWARM) {
      for (const [key, { peer }] of this.#recent) {
        const isNews = key !== itself && !believed.has(key) && !there.has(key) && !takenBack.has(key);
        if (isNews) added.set(key, { key, peer, isRecent: true });
      }
    }
    const dropped = [...believed].filter(([key]) => !there.has(key) || key === itself);
    return { added: [...added.values()], dropped };
  }

  /** By lot: if everybody told the same fifty, everybody would link to the same fifty. */
  #choose(candidates: Candidate[]): Candidate[] {
    for (let index = 0; index < Math.min(MAX_PER_LIST, candidates.length - 1); index++) {
      const other = index + (this.#random.uint32() % (candidates.length - index));
      const [a, b] = [candidates[index], candidates[other]];
      if (a === undefined || b === undefined) break;
      candidates[index] = b;
      candidates[other] = a;
    }
    return candidates.slice(0, MAX_PER_LIST);
  }

  #forgetOldPeers(now: number): void {
    for (const [key, { leftAt }] of this.#recent) if (leftAt + RECENT_MS < now) this.#forgetRecent(key);
  }

  #forgetRecent(key: string): void {
    this.#recent.delete(key);
    for (const listener of this.#listeners.values()) listener.takenBack.delete(key);
  }
}

/** A session that is told. */
interface Listener {
  readonly believed: Map<string, Belief>;
  /** Recent peers that it was told of and then told to be gone: once is enough. */
  readonly takenBack: Set<string>;
  /** Of the account when it was last told everything; undefined if something is still to be told. */
  version: number | undefined;
}

interface LivePeer {
  readonly key: string;
  readonly peer: PexPeer;
}

interface RecentPeer {
  readonly peer: PexPeer;
  readonly leftAt: number;
}

interface Belief {
  readonly address: PeerAddress;
  readonly isRecent: boolean;
}

interface Candidate {
  readonly key: string;
  readonly peer: PexPeer;
  readonly isRecent: boolean;
}

interface Difference {
  readonly added: Candidate[];
  readonly dropped: [string, Belief][];
}

/** BEP 11: of added and of dropped ones, both families together. It would allow more in the first message. */
const MAX_PER_LIST = 50;
/** BEP 11: below this many peers, up to as many recently seen ones may be told. */
const THIN_SWARM = 25;
const MAX_RECENT = 25;
const RECENT_MS = 10 * 60 * 1_000;
