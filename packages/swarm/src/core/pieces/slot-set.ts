/** A set of small numbers as bits: a few words for what a `Set` would take kilobytes for, once for every link. */
export class SlotSet {
  readonly #words: number[] = [];

  has(slot: number): boolean {
    return (((this.#words[slot >>> 5] ?? 0) >>> (slot & 31)) & 1) === 1;
  }

  add(slot: number): void {
    const index = slot >>> 5;
    while (this.#words.length <= index) this.#words.push(0);
    this.#words[index] = (this.#words[index] ?? 0) | (1 << (slot & 31));
  }

  delete(slot: number): void {
    const word = this.#words[slot >>> 5];
    if (word !== undefined) this.#words[slot >>> 5] = word & ~(1 << (slot & 31));
  }
}
