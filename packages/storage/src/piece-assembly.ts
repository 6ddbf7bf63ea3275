import type { PieceIndex, PieceLayout } from '@p2p/wire';

import type { IoFailure } from './content-io.js';
import type { PieceArena } from './piece-arena.js';

/**
 * Pieces put together, or on their way to the disk, may take so much memory: the smaller bound, or as many slots as are
 * wanted up to the larger one if pieces are long. See {@link PieceAssembly} for what happens beyond. It is only used as
 * far as the disk is slower than the network.
 */
export const ARENA_BYTES = 16 * 1024 * 1024;
export const ARENA_WANTED_SLOTS = 8;
export const MAX_ARENA_BYTES = 32 * 1024 * 1024;

/** So long the main thread waits for memory that pieces on their way to the disk still hold. */
export const SLOT_WAIT_MS = 5;

/** The bound for pieces of that length. */
export function arenaBytes(pieceLength: number): number {
  return Math.min(MAX_ARENA_BYTES, Math.max(ARENA_BYTES, ARENA_WANTED_SLOTS * pieceLength));
}

/** A piece whose blocks have come. */
export type AssembledPiece =
  /** In a slot of the arena, which has to be released. */
  | { readonly kind: 'inMemory'; readonly slot: number }
  /** Already in the files. */
  | { readonly kind: 'spilled'; failure: IoFailure | undefined };

/** What an assembly needs from the store. */
export interface AssemblyParts {
  readonly layout: PieceLayout;
  readonly arena: PieceArena;
  /** Writes at an offset of the content at once; undefined for stores without files, which must have enough memory. */
  readonly spill: (offset: number, bytes: Uint8Array) => IoFailure | undefined;
  /** Blocks for a moment if pieces are on their way to the disk, whose memory may become free. */
  readonly waitForMemory: (milliseconds: number) => void;
}

/**
 * Puts pieces together from their blocks, in memory that is reused.
 *
 * Memory is bounded. When all of it is taken, the main thread first waits a moment for the disk, which slows the network
 * down to the disk's speed. If that does not help, too many pieces are begun at once, or pieces are very long: blocks of
 * a further piece are then written to their place in the file as they come, and read back when the piece is complete.
 */
export class PieceAssembly {
  readonly #parts: AssemblyParts;
  readonly #pieces = new Map<PieceIndex, AssembledPiece>();

  constructor(parts: AssemblyParts) {
    this.#parts = parts;
  }

  /** Copies a block. */
  write(piece: PieceIndex, begin: number, data: Uint8Array): void {
    const { layout, arena, spill } = this.#parts;
    if (begin < 0 || begin + data.length > layout.pieceBytes(piece)) {
      const expected = `a block inside piece ${piece} of ${layout.pieceBytes(piece)} bytes`;
      throw new RangeError(`"data" expected ${expected}, got ${data.length} bytes at ${begin}`);
    }
    const assembled = this.#pieces.get(piece) ?? this.#begin(piece);
    if (assembled.kind === 'inMemory') arena.copy(assembled.slot, begin, data);
    else assembled.failure ??= spill(layout.pieceOffset(piece) + begin, data);
  }

  /** Hands a piece over; undefined if no block of it has come. */
  take(piece: PieceIndex): AssembledPiece | undefined {
    const assembled = this.#pieces.get(piece);
    this.#pieces.delete(piece);
    return assembled;
  }

  /** Forgets a piece. */
  discard(piece: PieceIndex): void {
    const assembled = this.take(piece);
    if (assembled?.kind === 'inMemory') this.#parts.arena.release(assembled.slot);
  }

  #begin(piece: PieceIndex): AssembledPiece {
    const slot = this.#takeSlot();
    const assembled: AssembledPiece =
      slot === undefined ? { kind: 'spilled', failure: undefined } : { kind: 'inMemory', slot };
    this.#pieces.set(piece, assembled);
    return assembled;
  }

  #takeSlot(): number | undefined {
    const { arena, waitForMemory } = this.#parts;
    const slot = arena.take();
    if (slot !== undefined) return slot;
    waitForMemory(SLOT_WAIT_MS);
    return arena.take();
  }
}
