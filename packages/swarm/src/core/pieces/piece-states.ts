import type { Bitfield, PieceIndex, PieceLayout } from '@p2p/wire';

import { assert } from '../assert.js';
import type { Availability } from './availability.js';
import type { SessionId } from '../input.js';
import { type AssemblyOrigin, PieceAssembly } from './piece-assembly.js';

/**
 * Where each piece is on its way to storage.
 *
 * Invariant: a piece is in exactly one of: missing (a candidate in `Availability`), open (begun, blocks are coming in),
 * committing (complete, with storage), stored (in `have`).
 *
 * Open pieces with free blocks are also in one of two sets, by whether somebody owns them, so that whoever looks for work
 * looks at these only. After anything that changes free blocks or owner, call `sort`.
 */
export class PieceStates {
  readonly have: Bitfield;
  readonly #layout: PieceLayout;
  readonly #availability: Availability;
  readonly #open = new Map<number, PieceAssembly>();
  readonly #committing = new Map<number, PieceAssembly>();
  readonly #orphans = new Set<PieceAssembly>();
  readonly #owned = new Set<PieceAssembly>();
  readonly #countOfOpener = new Map<SessionId, number>();
  readonly #emptied = new Set<PieceIndex>();
  #unverifiedBytes = 0;

  constructor(layout: PieceLayout, have: Bitfield, availability: Availability) {
    this.have = have;
    this.#layout = layout;
    this.#availability = availability;
  }

  get openCount(): number {
    return this.#open.size;
  }

  /** Bytes of open and committing pieces, received or not. */
  get unverifiedBytes(): number {
    return this.#unverifiedBytes;
  }

  /** In the order in which they were begun. */
  get open(): Iterable<PieceAssembly> {
    return this.#open.values();
  }

  /** Open, with free blocks, without an owner. */
  get orphans(): ReadonlySet<PieceAssembly> {
    return this.#orphans;
  }

  /** Open, with free blocks, with an owner. */
  get owned(): ReadonlySet<PieceAssembly> {
    return this.#owned;
  }

  findOpen(piece: number): PieceAssembly | undefined {
    return this.#open.get(piece);
  }

  /** Complete: with storage, or stored. */
  isComplete(piece: number): boolean {
    return this.have.has(piece) || this.#committing.has(piece);
  }

  /** Pieces that a session began and that are not stored yet. */
  countOfOpener(session: SessionId): number {
    return this.#countOfOpener.get(session) ?? 0;
  }

  /** All that had come of a piece was forgotten: storage need not keep room for it, unless a block comes before it hears so. */
  emptied(piece: PieceIndex): void {
    this.#emptied.add(piece);
  }

  /** A block came: it needs room. */
  filled(piece: PieceIndex): void {
    this.#emptied.delete(piece);
  }

  /** The pieces that are empty again since the last call. */
  takeEmptied(): readonly PieceIndex[] {
    if (this.#emptied.size === 0) return NONE;
    const pieces = [...this.#emptied];
    this.#emptied.clear();
    return pieces;
  }

  /** Missing → open. */
  begin(piece: PieceIndex, origin: AssemblyOrigin): PieceAssembly {
    const assembly = new PieceAssembly(this.#layout, piece, origin);
    this.#availability.exclude(piece);
    this.#open.set(piece, assembly);
    this.#unverifiedBytes += assembly.pieceBytes;
    this.#countOpener(assembly.opener, 1);
    this.sort(assembly);
    this.#assertOneState(piece);
    return assembly;
  }

  /** Puts an open piece where its free blocks and its owner say. */
  sort(assembly: PieceAssembly): void {
    const hasFree = assembly.freeCount > 0;
    keep(this.#orphans, assembly, hasFree && assembly.owner === undefined);
    keep(this.#owned, assembly, hasFree && assembly.owner !== undefined);
  }

  /** Open → missing. */
  giveUp(assembly: PieceAssembly): void {
    this.#leaveOpen(assembly);
    this.#becomeMissing(assembly);
  }

  /** Open → committing. */
  commit(assembly: PieceAssembly): void {
    this.#leaveOpen(assembly);
    this.#committing.set(assembly.piece, assembly);
    this.#assertOneState(assembly.piece);
  }

  /** Committing → stored. */
  stored(piece: PieceIndex): PieceAssembly {
    const assembly = this.#leaveCommitting(piece);
    this.#forget(assembly);
    this.have.set(piece);
    this.#assertOneState(piece);
    return assembly;
  }

  /** Committing → missing. */
  failed(piece: PieceIndex): PieceAssembly {
    const assembly = this.#leaveCommitting(piece);
    this.#becomeMissing(assembly);
    return assembly;
  }

  #leaveOpen(assembly: PieceAssembly): void {
    this.#open.delete(assembly.piece);
    this.#orphans.delete(assembly);
    this.#owned.delete(assembly);
  }

  #leaveCommitting(piece: PieceIndex): PieceAssembly {
    const assembly = this.#committing.get(piece);
    assert(assembly !== undefined, `piece ${piece} was complete before storage answered for it`);
    this.#committing.delete(piece);
    return assembly;
  }

  #becomeMissing(assembly: PieceAssembly): void {
    this.#forget(assembly);
    this.#availability.include(assembly.piece);
    this.#assertOneState(assembly.piece);
  }

  #forget(assembly: PieceAssembly): void {
    this.#unverifiedBytes -= assembly.pieceBytes;
    this.#countOpener(assembly.opener, -1);
  }

  #countOpener(session: SessionId, change: number): void {
    const count = this.countOfOpener(session) + change;
    if (count === 0) this.#countOfOpener.delete(session);
    else this.#countOfOpener.set(session, count);
  }

  #assertOneState(piece: PieceIndex): void {
    const states =
      Number(this.#availability.isCandidate(piece)) +
      Number(this.#open.has(piece)) +
      Number(this.#committing.has(piece)) +
      Number(this.have.has(piece));
    assert(states === 1, `piece ${piece} is in ${states} of the states missing, open, committing, stored`);
  }
}

const NONE: readonly PieceIndex[] = [];

function keep(set: Set<PieceAssembly>, assembly: PieceAssembly, isMember: boolean): void {
  if (isMember) set.add(assembly);
  else set.delete(assembly);
}
