import { Bitfield, MAX_PIECE_COUNT, WireError, type PieceLayout } from '@p2p/wire';

/** What a peer may say about its pieces; the payloads are views, so a bitfield is copied when it must wait. */
export type PieceClaim =
  | { readonly type: 'bitfield'; readonly bits: Uint8Array }
  | { readonly type: 'haveAll' }
  | { readonly type: 'haveNone' }
  | { readonly type: 'have'; readonly piece: number };

/**
 * Which pieces a peer says it has.
 *
 * Until the metadata is known nobody can tell how many pieces there are, so claims wait, and are judged by `resolve`.
 * Invariant: `known` is defined exactly when the layout is.
 */
export class PeerPieces {
  #known: Bitfield | undefined;
  #opening: PieceClaim | undefined;
  /** Said before the metadata was known, since the opening: what it has, and what it has no more. */
  #haves: Set<number> | undefined;
  #losses: Set<number> | undefined;
  #isOpened = false;

  /** The pieces, once the layout is known. Owned here: read it, do not change it. */
  get known(): Bitfield | undefined {
    return this.#known;
  }

  /**
   * Takes a claim. With a layout, `have` gives `added` when the piece is new.
   *
   * By BEP 3 and BEP 6 a bitfield (or have all, have none) comes once, before any `have`. aria2 does not keep to it: when
   * many pieces are new, it sends another bitfield, or have all, for it is shorter than as many haves. That is taken as
   * the haves it stands for (`summary`: claim each of them); a later have none stands for nothing that can have happened.
   * Some clients send their extended handshake first, which is no piece claim and does not count.
   *
   * @returns what was wrong with it, where it breaks the protocol
   */
  claim(claim: PieceClaim, layout: PieceLayout | undefined): ClaimOutcome {
    if (claim.type === 'have') return this.#have(claim.piece, layout);
    if (this.#isOpened && claim.type === 'haveNone') {
      return { kind: 'violation', detail: 'haveNone after an earlier piece message' };
    }
    this.#isOpened = true;
    if (this.#known !== undefined) return summary(claim, this.#known);
    // What it says now is newer than what it had lost.
    this.#losses = undefined;
    this.#opening = claim.type === 'bitfield' ? { type: 'bitfield', bits: claim.bits.slice() } : claim;
    return layout === undefined ? { kind: 'waiting' } : this.resolve(layout);
  }

  /** Judges what waited. Call once, when the layout becomes known. */
  resolve(layout: PieceLayout): ClaimOutcome {
    const opening = this.#opening;
    this.#opening = undefined;
    const claimed = claimedBy(opening, layout.pieceCount);
    if (claimed instanceof WireError) return { kind: 'violation', detail: claimed.message };
    this.#known = claimed;
    const haves = this.#haves ?? [];
    this.#haves = undefined;
    for (const piece of haves) {
      const outcome = this.#have(piece, layout);
      if (outcome.kind === 'violation') return outcome;
    }
    for (const piece of this.#losses ?? []) this.lose(piece);
    this.#losses = undefined;
    return { kind: 'opened' };
  }

  /** Takes a piece back (BEP 54); true if the peer had it. */
  lose(piece: number): boolean {
    if (this.#known === undefined) {
      this.#haves?.delete(piece);
      this.#losses ??= new Set();
      // One that is not remembered is asked for in vain, no more.
      if (piece < MAX_PIECE_COUNT && this.#losses.size < MAX_WAITING_HAVES) this.#losses.add(piece);
      return false;
    }
    return piece < this.#known.size && this.#known.clear(piece);
  }

  #have(piece: number, layout: PieceLayout | undefined): ClaimOutcome {
    this.#isOpened = true;
    if (layout === undefined) {
      this.#haves ??= new Set();
      if (piece >= MAX_PIECE_COUNT || this.#haves.size >= MAX_WAITING_HAVES) {
        return {
          kind: 'violation',
          detail: `have ${String(piece)} before the metadata, more than ${String(MAX_WAITING_HAVES)} or too high`,
        };
      }
      this.#haves.add(piece);
      this.#losses?.delete(piece);
      return { kind: 'waiting' };
    }
    if (!layout.hasPiece(piece)) {
      return {
        kind: 'violation',
        detail: `have ${String(piece)}, but there are only ${String(layout.pieceCount)} pieces`,
      };
    }
    this.#known ??= new Bitfield(layout.pieceCount);
    return this.#known.set(piece) ? ADDED : KNOWN;
  }
}

/** Without an opening the peer has nothing. A bitfield that does not fit is a bad one of this peer, whenever that shows. */
function claimedBy(opening: PieceClaim | undefined, pieceCount: number): Bitfield | WireError {
  if (opening?.type === 'haveAll') return Bitfield.full(pieceCount);
  if (opening?.type !== 'bitfield') return new Bitfield(pieceCount);
  try {
    return Bitfield.fromWire(opening.bits, pieceCount);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return error;
  }
}

function summary(claim: PieceClaim, known: Bitfield): ClaimOutcome {
  const claimed = claimedBy(claim, known.size);
  if (claimed instanceof WireError) return { kind: 'violation', detail: claimed.message };
  const pieces: number[] = [];
  // To a seed nothing can be added, however often it says that it is one.
  if (known.isFull) return { kind: 'summary', pieces };
  claimed.forEach((piece) => {
    if (!known.has(piece)) pieces.push(piece);
  });
  return { kind: 'summary', pieces };
}

export type ClaimOutcome =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'opened' }
  | { readonly kind: 'added' }
  | { readonly kind: 'known' }
  | { readonly kind: 'summary'; readonly pieces: readonly number[] }
  | { readonly kind: 'violation'; readonly detail: string };

/** A swarm sends more haves than anything else: an answer to one costs no object. */
const ADDED: ClaimOutcome = { kind: 'added' };
const KNOWN: ClaimOutcome = { kind: 'known' };

/** Haves kept for a peer while the metadata is unknown: it takes seconds to come, and a peer downloads less than this. */
const MAX_WAITING_HAVES = 65_536;
