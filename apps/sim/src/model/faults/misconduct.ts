import type { CoreMessage, Payload } from '@p2p/swarm';
import type { SeededRandom } from '@p2p/swarm/testing';
import { BLOCK_BYTES, encodeUtPex, PEX_FLAGS, type PeerAddress, type PexPeer, type PieceLayout } from '@p2p/wire';

import { piecesOf } from '../checkers/session-view.js';
import type { Behaviour } from './fault.js';
import type { Victim } from './hostile-peer.js';

/** What a hostile peer does once it was let in. */
export interface Misconduct<P extends Payload> {
  readonly claimsEverything: boolean;
  opened(victim: Victim<P>): void;
  received(victim: Victim<P>, message: CoreMessage<P>, now: number): void;
  /** Once a second for each victim. */
  tick(victim: Victim<P>, now: number): void;
}

export interface MisconductMeans<P extends Payload> {
  readonly random: SeededRandom;
  readonly layout: PieceLayout;
  /** A block of such a length, right or wrong. */
  readonly block: (at: { piece: number; begin: number; length: number }, isGenuine: boolean) => P;
  /** Addresses where somebody is. */
  readonly realAddresses: readonly PeerAddress[];
}

export function createMisconduct<P extends Payload>(
  behaviour: Exclude<Behaviour, 'honest' | 'freeRider'>,
  means: MisconductMeans<P>,
): Misconduct<P> {
  switch (behaviour) {
    case 'polluter':
      return uploader(({ victim, request }) => answer(means, victim, request, false));
    case 'partialPolluter':
      return uploader(({ victim, request }) => answer(means, victim, request, means.random.below(ONE_IN) !== 0));
    case 'liar':
      return uploader(({ victim, request }) => victim.send({ ...request, type: 'reject' }));
    case 'tarpit':
      return uploader(() => undefined);
    case 'trickler':
      return trickler(means);
    case 'slotThief':
      return new SlotThief(means.layout);
    case 'pexPoisoner':
      return new PexPoisoner(means);
  }
}

/** Unchokes everybody, and does with each request what it is told. */
function uploader<P extends Payload>(requested: (asked: Asked<P>) => void): Misconduct<P> {
  return {
    claimsEverything: true,
    opened(victim) {
      victim.send({ type: 'unchoke' });
    },
    received(victim, message) {
      if (message.type === 'request') requested({ victim, request: message });
    },
    tick(victim, now) {
      keepAlive(victim, now);
    },
  };
}

/** Remembers what it is asked for, and sends one of the blocks every twenty seconds. */
function trickler<P extends Payload>(means: MisconductMeans<P>): Misconduct<P> {
  return {
    ...uploader<P>(({ victim, request }) => {
      if (victim.owed.length < MAX_OWED) victim.owed.push(request);
    }),
    tick(victim, now) {
      if (now - victim.lastAt < TRICKLE_MS) return;
      victim.lastAt = now;
      const request = victim.owed.shift();
      if (request !== undefined) answer(means, victim, request, true);
    },
  };
}

/** Wants everything again and again, and keeps nothing. */
class SlotThief<P extends Payload> implements Misconduct<P> {
  readonly claimsEverything = false;
  readonly #layout: PieceLayout;

  constructor(layout: PieceLayout) {
    this.#layout = layout;
  }

  opened(victim: Victim<P>): void {
    victim.send({ type: 'interested' });
  }

  received(victim: Victim<P>, message: CoreMessage<P>): void {
    const { type } = message;
    if (type === 'have') victim.pieces.add(message.piece);
    else if (type === 'bitfield') for (const piece of piecesOf(message.bits)) victim.pieces.add(piece);
    else if (type === 'haveAll') for (const piece of this.#layout.pieces()) victim.pieces.add(piece);
    else if (type === 'choke' || type === 'unchoke') this.#choked(victim, type === 'choke');
    else if (type === 'piece' || type === 'reject') {
      victim.askedBlocks = Math.max(0, victim.askedBlocks - 1);
      if (type === 'piece') this.#ask(victim);
    }
  }

  tick(victim: Victim<P>, now: number): void {
    this.#ask(victim);
    keepAlive(victim, now);
  }

  #choked(victim: Victim<P>, isChoked: boolean): void {
    victim.isChokingUs = isChoked;
    if (isChoked) victim.askedBlocks = 0;
    else this.#ask(victim);
  }

  #ask(victim: Victim<P>): void {
    if (victim.isChokingUs || victim.pieces.size === 0) return;
    const pieces = [...victim.pieces];
    while (victim.askedBlocks < THIEF_WINDOW) {
      const piece = pieces[victim.turn++ % pieces.length] ?? 0;
      const length = Math.min(BLOCK_BYTES, this.#layout.pieceBytes(this.#layout.pieceIndex(piece)));
      victim.send({ type: 'request', piece, begin: 0, length });
      victim.askedBlocks += 1;
      // A small torrent is asked for the same blocks again: one of each at a time.
      if (victim.askedBlocks >= pieces.length) return;
    }
  }
}

/** Tells fifty addresses a minute, nine in ten of which nobody is at. */
class PexPoisoner<P extends Payload> implements Misconduct<P> {
  readonly claimsEverything = false;
  readonly #means: MisconductMeans<P>;

  constructor(means: MisconductMeans<P>) {
    this.#means = means;
  }

  opened(victim: Victim<P>): void {
    victim.lastAt = -POISON_MS;
  }

  received(): void {
    return;
  }

  tick(victim: Victim<P>, now: number): void {
    if (victim.utPexId === 0 || now - victim.lastAt < POISON_MS) return;
    victim.lastAt = now;
    const payload = encodeUtPex({ added: this.#addresses(), dropped: [] });
    victim.send({ type: 'extended', extensionId: victim.utPexId, payload });
  }

  #addresses(): PexPeer[] {
    const { random, realAddresses } = this.#means;
    return Array.from({ length: POISON_ADDRESSES }, (_, index) => {
      const real = index % 10 === 0 ? realAddresses[random.below(realAddresses.length)] : undefined;
      // In the part of 10.0.0.0/8 where no node of these worlds is.
      const bogus = { host: `10.${250 + random.below(5)}.${random.below(256)}.${1 + random.below(254)}`, port: 6881 };
      return { address: real ?? bogus, flags: PEX_FLAGS.reachable };
    });
  }
}

interface Asked<P extends Payload> {
  readonly victim: Victim<P>;
  readonly request: { readonly piece: number; readonly begin: number; readonly length: number };
}

function answer<P extends Payload>(
  means: MisconductMeans<P>,
  victim: Victim<P>,
  { piece, begin, length }: { readonly piece: number; readonly begin: number; readonly length: number },
  isGenuine: boolean,
): void {
  victim.send({ type: 'piece', piece, begin, data: means.block({ piece, begin, length }, isGenuine) });
}

function keepAlive<P extends Payload>(victim: Victim<P>, now: number): void {
  if (now - victim.lastAt < KEEP_ALIVE_MS) return;
  victim.lastAt = now;
  victim.send({ type: 'keepAlive' });
}

const ONE_IN = 64;
const TRICKLE_MS = 20_000;
const MAX_OWED = 2_000;
const THIEF_WINDOW = 32;
const POISON_MS = 60_000;
const POISON_ADDRESSES = 50;
const KEEP_ALIVE_MS = 30_000;
