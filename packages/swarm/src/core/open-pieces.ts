import type { SessionId } from './input.js';
import type { PieceAssembly } from './piece-assembly.js';

/**
 * The pieces that are begun and not yet stored: open ones, whose blocks are coming in, and committing ones, which are
 * complete and with storage. Counts the bytes they stand for.
 *
 * Open pieces with free blocks are also in one of two sets, by whether somebody owns them, so that whoever looks for work
 * looks at these only. After anything that changes free blocks or owner, call `sort`.
 */
export class OpenPieces {
  readonly #open = new Map<number, PieceAssembly>();
  readonly #committing = new Map<number, PieceAssembly>();
  readonly #orphans = new Set<PieceAssembly>();
  readonly #owned = new Set<PieceAssembly>();
  readonly #countOfOpener = new Map<SessionId, number>();
  #unverifiedBytes = 0;

  get openCount(): number {
    return this.#open.size;
  }

  get committingCount(): number {
    return this.#committing.size;
  }

  /** Bytes of open and committing pieces, received or not. */
  get unverifiedBytes(): number {
    return this.#unverifiedBytes;
  }

  /** In the order in which they were begun. */
  get open(): Iterable<PieceAssembly> {
    return this.#open.values();
  }

  /** With free blocks and without an owner. */
  get orphans(): ReadonlySet<PieceAssembly> {
    return this.#orphans;
  }

  /** With free blocks and an owner. */
  get owned(): ReadonlySet<PieceAssembly> {
    return this.#owned;
  }

  find(piece: number): PieceAssembly | undefined {
    return this.#open.get(piece);
  }

  isOpen(piece: number): boolean {
    return this.#open.has(piece);
  }

  isCommitting(piece: number): boolean {
    return this.#committing.has(piece);
  }

  /** Pieces that a session began and that are not stored yet. */
  countOfOpener(session: SessionId): number {
    return this.#countOfOpener.get(session) ?? 0;
  }

  add(assembly: PieceAssembly): void {
    this.#open.set(assembly.piece, assembly);
    this.#unverifiedBytes += assembly.pieceBytes;
    if (assembly.opener !== undefined) this.#countOpener(assembly.opener, 1);
    this.sort(assembly);
  }

  /** Puts an open piece where its free blocks and its owner say. */
  sort(assembly: PieceAssembly): void {
    const hasFree = assembly.freeCount > 0;
    keep(this.#orphans, assembly, hasFree && assembly.owner === undefined);
    keep(this.#owned, assembly, hasFree && assembly.owner !== undefined);
  }

  /** A piece is complete, and goes to storage. */
  commit(assembly: PieceAssembly): void {
    this.#leaveOpen(assembly);
    this.#committing.set(assembly.piece, assembly);
  }

  /** Storage has answered; returns the piece as it was, or undefined if it was not with storage. */
  takeCommitted(piece: number): PieceAssembly | undefined {
    const assembly = this.#committing.get(piece);
    if (assembly === undefined) return undefined;
    this.#committing.delete(piece);
    this.#forget(assembly);
    return assembly;
  }

  /** Gives up an open piece. */
  abandon(assembly: PieceAssembly): void {
    this.#leaveOpen(assembly);
    this.#forget(assembly);
  }

  #leaveOpen(assembly: PieceAssembly): void {
    this.#open.delete(assembly.piece);
    this.#orphans.delete(assembly);
    this.#owned.delete(assembly);
  }

  #forget(assembly: PieceAssembly): void {
    this.#unverifiedBytes -= assembly.pieceBytes;
    if (assembly.opener !== undefined) this.#countOpener(assembly.opener, -1);
  }

  #countOpener(session: SessionId, change: number): void {
    const count = this.countOfOpener(session) + change;
    if (count === 0) this.#countOfOpener.delete(session);
    else this.#countOfOpener.set(session, count);
  }
}

function keep(set: Set<PieceAssembly>, assembly: PieceAssembly, isMember: boolean): void {
  if (isMember) set.add(assembly);
  else set.delete(assembly);
}
