/**
 * The candidates of one rarity: a list of pieces in which the last one may take the place of any.
 *
 * It is kept in chunks, so that no list of a million pieces is ever copied to let it grow.
 */
export class PieceLevel {
  readonly #chunks: number[][] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  at(index: number): number {
    return this.#chunks[index >>> CHUNK_BITS]?.[index & CHUNK_MASK] ?? 0;
  }

  set(index: number, piece: number): void {
    const chunk = this.#chunks[index >>> CHUNK_BITS];
    if (chunk !== undefined) chunk[index & CHUNK_MASK] = piece;
  }

  push(piece: number): void {
    const chunk = this.#chunks[this.#length >>> CHUNK_BITS];
    if (chunk === undefined) this.#chunks.push([piece]);
    else chunk.push(piece);
    this.#length += 1;
  }

  /** Takes the last one out; 0 if there is none. */
  pop(): number {
    if (this.#length === 0) return 0;
    this.#length -= 1;
    const index = this.#length >>> CHUNK_BITS;
    // One empty chunk is kept, for a level whose length swings about a border.
    if (this.#chunks.length > index + 2) this.#chunks.pop();
    return this.#chunks[index]?.pop() ?? 0;
  }
}

const CHUNK_BITS = 10;
const CHUNK_MASK = (1 << CHUNK_BITS) - 1;
