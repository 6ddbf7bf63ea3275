import type { Bitfield, PieceIndex, PieceLayout } from '@p2p/wire';

import type { SessionId } from '../input.js';
import type { Availability } from './availability.js';
import type { BlockSchedulerOptions } from './block-scheduler-options.js';
import { type PickHints, preferenceFor } from './pick-hints.js';
import type { PieceAssembly } from './piece-assembly.js';
import type { PieceBlame } from './piece-blame.js';
import type { PiecePicker, Preference } from './piece-picker.js';
import type { PieceStates } from './piece-states.js';
import { canGive, mayFinishAlone, type SchedulerPeer } from './scheduler-peer.js';

/** What the search looks at; all of it is the scheduler's. */
export interface WorkSearchParts {
  readonly have: Bitfield;
  readonly layout: PieceLayout;
  readonly options: BlockSchedulerOptions;
  readonly availability: Availability;
  readonly picker: PiecePicker;
  readonly pieces: PieceStates;
  readonly blame: PieceBlame;
  readonly peers: ReadonlyMap<SessionId, SchedulerPeer>;
  /** The peer fills the piece from now on, and none other. */
  readonly own: (assembly: PieceAssembly, peer: SchedulerPeer) => void;
  /** The piece is taken from its owner, with all it was asked for of it; who calls gives it to another at once. */
  readonly dispossess: (assembly: PieceAssembly) => void;
}

/**
 * Which piece a peer works on next: the piece it fills; a begun piece that nobody fills; a new piece, the rarest it has; free blocks
 * of another's piece. Slow peers share a piece before they begin one, unless they have a much rarer one.
 */
export class WorkSearch {
  readonly #parts: WorkSearchParts;

  constructor(parts: WorkSearchParts) {
    this.#parts = parts;
  }

  /** The open piece of which the peer should be asked for a free block next; may begin one. */
  find(peer: SchedulerPeer, hints: PickHints): PieceAssembly | undefined {
    const { filling } = peer;
    if (filling !== undefined && filling.freeCount > 0 && canGive(peer, filling.piece, hints)) return filling;
    const adopted = this.#adoptOrphan(peer, hints);
    if (adopted !== undefined) return adopted;
    const shared = hints.isFast ? undefined : this.#findShared(peer, hints, (owner) => !owner.isFast);
    if (shared !== undefined && !this.#hasMuchRarer(peer, hints, shared)) return shared;
    const begun = this.#beginPiece(peer, hints);
    if (begun !== undefined || (hints.isSpared === true && peer.isBusy)) return begun;
    return this.#findShared(peer, hints, () => true) ?? this.#takeOver(peer, hints);
  }

  /** The bound on unverified bytes, and its exception: no limit may leave a peer without work for ever. */
  mayBegin(peer: SchedulerPeer): boolean {
    const { layout, options, pieces, peers } = this.#parts;
    if (pieces.unverifiedBytes + layout.pieceLength <= options.maxUnverifiedBytes) return true;
    if (pieces.countOfOpener(peer.session) > 0 || peer.requestCount > 0) return false;
    return pieces.unverifiedBytes <= options.maxUnverifiedBytes + peers.size * layout.pieceLength;
  }

  begin(piece: PieceIndex, peer: SchedulerPeer): PieceAssembly {
    return this.#parts.pieces.begin(piece, { opener: peer.session, isExclusive: this.#isToComeAlone(piece, peer) });
  }

  /** A begun piece that nobody fills. Not the peer's own former one: it has just failed to deliver that. */
  #adoptOrphan(peer: SchedulerPeer, hints: PickHints): PieceAssembly | undefined {
    for (const assembly of this.#parts.pieces.orphans) {
      if (assembly.failedOwner === peer.session || !canGive(peer, assembly.piece, hints)) continue;
      // On parole a peer adds nothing to what others sent, and what they sent is not thrown away for it yet.
      if (this.#isOnParole(peer) && !mayFinishAlone(assembly, peer)) continue;
      if (this.#mayAdopt(assembly, peer)) return this.#adopt(assembly, peer, hints);
    }
    return undefined;
  }

  /** Free blocks of a piece that another fills. */
  #findShared(
    peer: SchedulerPeer,
    hints: PickHints,
    isOwnerFit: (owner: SchedulerPeer) => boolean,
  ): PieceAssembly | undefined {
    if (this.#isOnParole(peer)) return undefined;
    for (const assembly of this.#parts.pieces.owned) {
      const owner = assembly.owner === undefined ? undefined : this.#parts.peers.get(assembly.owner);
      if (owner === undefined || assembly.isExclusive || !canGive(peer, assembly.piece, hints)) continue;
      if (isOwnerFit(owner)) return assembly;
    }
    return undefined;
  }

  /** The last resort: a begun piece that the peer gave up itself, or one that it can only deliver anew and alone. */
  #takeOver(peer: SchedulerPeer, hints: PickHints): PieceAssembly | undefined {
    for (const assembly of this.#parts.pieces.orphans) {
      if (canGive(peer, assembly.piece, hints) && this.#mayAdopt(assembly, peer))
        return this.#adopt(assembly, peer, hints);
    }
    return this.#dispossess(peer, hints);
  }

  /**
   * A piece that another was to deliver alone, and about which it is silent: none but the two can give it, and a block every few seconds
   * would keep it from everybody for ever. Nobody gets a piece back in this way, so that slow peers do not take it from each other in
   * turn.
   */
  #dispossess(peer: SchedulerPeer, hints: PickHints): PieceAssembly | undefined {
    if (peer.isBusy || hints.isSnubbed) return undefined;
    for (const assembly of this.#parts.pieces.open) {
      const { owner, isExclusive, dispossessed } = assembly;
      if (!isExclusive || owner === undefined || owner === peer.session || dispossessed.has(peer.session)) continue;
      if (!canGive(peer, assembly.piece, hints) || !this.#isSilent(owner, hints)) continue;
      this.#parts.dispossess(assembly);
      const isUntouched = assembly.receivedCount === 0 && assembly.requestCount === 0;
      if (isUntouched) assembly.isExclusive = this.#isToComeAlone(assembly.piece, peer);
      return this.#adopt(assembly, peer, hints);
    }
    return undefined;
  }

  #isSilent(owner: SessionId, { isAnswering }: PickHints): boolean {
    const isAsked = (this.#parts.peers.get(owner)?.requestCount ?? 0) > 0;
    return isAsked && isAnswering?.(owner) === false;
  }

  /** Whether a piece that the peer begins must come from it alone. */
  #isToComeAlone(piece: PieceIndex, peer: SchedulerPeer): boolean {
    return this.#parts.blame.isSuspect(piece) || this.#isOnParole(peer);
  }

  /** Whether the peer would have to deliver the rest of the piece alone. */
  #isAlone(assembly: PieceAssembly, peer: SchedulerPeer): boolean {
    return assembly.isExclusive || this.#isOnParole(peer);
  }

  /**
   * Who delivers a piece alone waits for what others were asked of it; but not for the snubbed: two of them that time out in turn would
   * keep the piece from everybody.
   */
  #mayAdopt(assembly: PieceAssembly, peer: SchedulerPeer): boolean {
    if (!this.#isAlone(assembly, peer)) return true;
    return !assembly.isRequestedFromAny(
      (session) => session !== peer.session && this.#parts.peers.get(session)?.isSnubbed !== true,
    );
  }

  #adopt(assembly: PieceAssembly, peer: SchedulerPeer, hints: PickHints): PieceAssembly {
    assembly.isExclusive = this.#isAlone(assembly, peer);
    if (assembly.isExclusive && assembly.hasBlocksOfOthers(peer.key)) {
      assembly.restart();
      this.#parts.pieces.emptied(assembly.piece);
    }
    if (assembly.isExclusive || !hints.isSnubbed) this.#parts.own(assembly, peer);
    return assembly;
  }

  /** Begins the piece that is wanted most of the peer. */
  #beginPiece(peer: SchedulerPeer, hints: PickHints): PieceAssembly | undefined {
    if (peer.isBusy && peer.room < (hints.beginsWith ?? 0)) return undefined;
    if (!this.mayBegin(peer)) return undefined;
    const found =
      hints.allowed === undefined
        ? this.#choose(peer, hints)
        : this.#parts.picker.chooseAmong(hints.allowed, peer.interest);
    if (found === undefined) return undefined;
    const isLeftToLeechers = hints.isSpared === true && this.#parts.availability.copiesAmongLeechers(found) > 0;
    if (isLeftToLeechers && peer.isBusy) return undefined;
    const assembly = this.begin(this.#parts.layout.pieceIndex(found), peer);
    if (assembly.isExclusive || !hints.isSnubbed) this.#parts.own(assembly, peer);
    return assembly;
  }

  #choose(peer: SchedulerPeer, hints: PickHints): number | undefined {
    const { order } = this.#parts.options;
    const isLed = peer.isSeed && order === 'rarest-first';
    const suggested = isLed ? peer.suggested?.take((piece) => this.#parts.availability.isCandidate(piece)) : undefined;
    return suggested ?? this.#parts.picker.choose(peer.interest, this.#preference(peer, hints));
  }

  #preference({ isSeed }: SchedulerPeer, hints: PickHints): Preference {
    const { options, have } = this.#parts;
    return preferenceFor(hints, { order: options.order, storedCount: have.count, isSeed });
  }

  /**
   * Whether the peer should rather be asked for a new piece: its time is wasted on what many others have as well. But what is nearly
   * complete is completed.
   */
  #hasMuchRarer(peer: SchedulerPeer, hints: PickHints, { piece, freeCount }: PieceAssembly): boolean {
    if (freeCount <= FEW_BLOCKS || hints.allowed !== undefined) return false;
    if (this.#preference(peer, hints) !== 'rarest') return false;
    const { availability, picker } = this.#parts;
    const rarest = picker.choose(peer.interest, 'rarest');
    if (rarest === undefined) return false;
    return availability.copiesAmongLeechers(rarest) * MUCH_RARER < availability.copiesAmongLeechers(piece);
  }

  #isOnParole(peer: SchedulerPeer): boolean {
    return this.#parts.blame.isOnParole(peer.key);
  }
}

/** As many as are asked for at once. */
const FEW_BLOCKS = 4;
/** With less than two thirds of the copies a piece is worth an open piece more. */
const MUCH_RARER = 1.5;
