/**
 * The pieces that a peer would rather give than others (BEP 6, suggest).
 *
 * Of a seed it is believed: it alone knows what it has sent to whom, so a first seed can see to it that each of its pieces goes
 * out once before it sends one twice.
 */
export class SuggestedPieces {
  readonly #pieces: number[] = [];

  add(piece: number): void {
    this.#pieces.push(piece);
    if (this.#pieces.length > MAX_SUGGESTED) this.#pieces.shift();
  }

  /** Takes out the one said last that is still wanted; those that are not are forgotten. */
  take(isWanted: (piece: number) => boolean): number | undefined {
    for (let piece = this.#pieces.pop(); piece !== undefined; piece = this.#pieces.pop()) {
      if (isWanted(piece)) return piece;
    }
    return undefined;
  }
}

/** Older suggestions are out of date by the time they could be followed. */
const MAX_SUGGESTED = 8;
