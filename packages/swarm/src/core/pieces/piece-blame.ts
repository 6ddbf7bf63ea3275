/**
 * Finds out who sends bad blocks, without ever condemning a peer for what another may have done.
 *
 * A piece that fails its hash and came from one peer alone convicts it; if a convict took part in another piece that fails, it
 * was the convict. When several took part, nobody can tell who it was: the piece is suspect, and is fetched again from one peer only; and those who took part are on parole, so that their next
 * pieces come from them alone. The culprit is convicted by the next piece it spoils; the others are cleared by good pieces,
 * one the first time, twice as many each further time, so that somebody who is good only while watched stays watched.
 *
 * Peers are named by keys that outlast a session (an address, say): to reconnect does not help.
 */
export class PieceBlame {
  readonly #suspectPieces = new Set<number>();
  /** Insertion order is order of the last failure; the oldest is forgotten at `MAX_PAROLEES`. */
  readonly #parolees = new Map<string, Parole>();
  /** In the order of their convictions; the oldest is forgotten at `MAX_PAROLEES`. */
  readonly #convicts = new Set<string>();
  /** Who took part in a good piece, bounded likewise. */
  readonly #proven = new Set<string>();
  /** A piece failed: there are such peers about. */
  #isAlarmed = false;

  /** The piece failed before and nobody knows through whom: fetch it from one peer. */
  isSuspect(piece: number): boolean {
    return this.#suspectPieces.has(piece);
  }

  /**
   * Nobody else may add to the pieces of this peer: it took part in a piece that failed, and is not cleared yet; or somebody
   * did, and nothing good is known of this one.
   */
  isOnParole(key: string): boolean {
    const parole = this.#parolees.get(key);
    return parole === undefined ? this.#isAlarmed && !this.#proven.has(key) : parole.goodPiecesNeeded > 0;
  }

  /** A piece failed its hash. Returns the key of the culprit, if it is known. */
  pieceCorrupt(piece: number, contributors: readonly string[]): string | undefined {
    this.#isAlarmed = true;
    const culprit = contributors.length === 1 ? contributors[0] : contributors.find((key) => this.#convicts.has(key));
    if (culprit !== undefined) {
      this.#convict(culprit);
      return culprit;
    }
    this.#suspectPieces.add(piece);
    for (const key of contributors) {
      const failureCount = (this.#parolees.get(key)?.failureCount ?? 0) + 1;
      const goodPiecesNeeded = 2 ** Math.min(failureCount - 1, MAX_DOUBLINGS);
      this.#parolees.delete(key);
      this.#parolees.set(key, { failureCount, goodPiecesNeeded });
    }
    forgetOldest(this.#parolees);
    return undefined;
  }

  /** A piece passed its hash. */
  pieceStored(piece: number, contributors: readonly string[]): void {
    this.#suspectPieces.delete(piece);
    for (const each of contributors) this.#prove(each);
    const [key] = contributors;
    if (key === undefined || contributors.length > 1) return;
    const parole = this.#parolees.get(key);
    if (parole !== undefined && parole.goodPiecesNeeded > 0) parole.goodPiecesNeeded -= 1;
  }

  #prove(key: string): void {
    if (this.#proven.has(key)) return;
    this.#proven.add(key);
    forgetOldest(this.#proven);
  }

  #convict(key: string): void {
    this.#convicts.delete(key);
    this.#convicts.add(key);
    forgetOldest(this.#convicts);
  }
}

/** Of what is kept in the order of time, at most so many. */
function forgetOldest(keyed: Map<string, unknown> | Set<string>): void {
  for (const key of keyed.keys()) {
    if (keyed.size <= MAX_PAROLEES) return;
    keyed.delete(key);
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
