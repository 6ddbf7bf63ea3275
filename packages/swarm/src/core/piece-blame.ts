/**
 * Finds out who sends bad blocks, without ever condemning a peer for what another may have done.
 *
 * A piece that fails its hash and came from one peer alone convicts it. When several took part, nobody can tell who it was:
 * the piece is suspect, and is fetched again from one peer only; and those who took part are on parole, so that their next
 * pieces come from them alone. The culprit is convicted by the next piece it spoils; the others are cleared by good pieces,
 * one the first time, twice as many each further time, so that somebody who is good only while watched stays watched.
 *
 * Peers are named by keys that outlast a session (an address, say): to reconnect does not help.
 */
export class PieceBlame {
  readonly #suspectPieces = new Set<number>();
  /** Insertion order is order of the last failure; the oldest is forgotten at `MAX_PAROLEES`. */
  readonly #parolees = new Map<string, Parole>();

  /** The piece failed before and nobody knows through whom: fetch it from one peer. */
  isSuspect(piece: number): boolean {
    return this.#suspectPieces.has(piece);
  }

  /** The peer took part in a piece that failed, and is not cleared yet: nobody else may add to its pieces. */
  isOnParole(key: string): boolean {
    return (this.#parolees.get(key)?.goodPiecesNeeded ?? 0) > 0;
  }

  /** A piece failed its hash. Returns the key of the culprit, if it is known. */
  pieceCorrupt(piece: number, contributors: readonly string[]): string | undefined {
    if (contributors.length === 1) return contributors[0];
    this.#suspectPieces.add(piece);
    for (const key of contributors) {
      const failureCount = (this.#parolees.get(key)?.failureCount ?? 0) + 1;
      const goodPiecesNeeded = 2 ** Math.min(failureCount - 1, MAX_DOUBLINGS);
      this.#parolees.delete(key);
      this.#parolees.set(key, { failureCount, goodPiecesNeeded });
    }
    this.#forgetOldest();
    return undefined;
  }

  /** A piece passed its hash. */
  pieceStored(piece: number, contributors: readonly string[]): void {
    this.#suspectPieces.delete(piece);
    const [key] = contributors;
    if (key === undefined || contributors.length > 1) return;
    const parole = this.#parolees.get(key);
    if (parole !== undefined && parole.goodPiecesNeeded > 0) parole.goodPiecesNeeded -= 1;
  }

  #forgetOldest(): void {
    for (const key of this.#parolees.keys()) {
      if (this.#parolees.size <= MAX_PAROLEES) return;
      this.#parolees.delete(key);
    }
  }
}

interface Parole {
  readonly failureCount: number;
  goodPiecesNeeded: number;
}

/** Peers remembered, connected or not; a swarm knows a few thousand addresses at the most. */
const MAX_PAROLEES = 1_000;
/** Up to 1,024 pieces on parole. */
const MAX_DOUBLINGS = 10;
