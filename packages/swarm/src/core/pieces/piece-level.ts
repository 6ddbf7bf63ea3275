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
    const chunk = this.#chunks[this.#length >>> CHUNK_BITS];
    const piece = chunk?.pop() ?? 0;
    // Most levels of a small swarm are empty most of the time: they keep nothing.
    if (chunk?.length === 0) this.#chunks.pop();
    return piece;
  }
}

const CHUNK_BITS = 10;
const CHUNK_MASK = (1 << CHUNK_BITS) - 1;
