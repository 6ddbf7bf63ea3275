/**
 * Named deadlines, and the earliest of them.
 *
 * A key (a session's id, or one of the core's own) has at most one deadline, and `arm` only ever moves it closer: who
 * wakes looks at its own state and arms again. So the frequent case, a deadline that moved further away, costs nothing.
 * A binary heap with lazy deletion; equal times come out in the order in which they were armed.
 */
export class Deadlines {
  readonly #armed = new Map<number, number>();
  readonly #heap: Entry[] = [];
  #sequence = 0;
  /** The first of the heap is known to be armed: the question comes after every input. */
  #isFirstArmed = false;

  /** Makes sure that `key` is due at `at` or before. */
  arm(key: number, at: number | undefined): void {
    if (at === undefined || at === Infinity) return;
    const armedAt = this.#armed.get(key);
    if (armedAt !== undefined && armedAt <= at) return;
    this.#armed.set(key, at);
    // What was first may be the key's own earlier entry.
    this.#isFirstArmed = false;
    this.#push({ key, at, sequence: this.#sequence++ });
  }

  disarm(key: number): void {
    if (this.#armed.delete(key)) this.#isFirstArmed = false;
  }

  /** The earliest deadline. */
  next(): number | undefined {
    this.#dropStale();
    return this.#heap[0]?.at;
  }

  /** Takes the next key that is due at `now`. */
  takeDue(now: number): number | undefined {
    this.#dropStale();
    const first = this.#heap[0];
    if (first === undefined || first.at > now) return undefined;
    this.#pop();
    this.#isFirstArmed = false;
    this.#armed.delete(first.key);
    return first.key;
  }

  #dropStale(): void {
    if (this.#isFirstArmed) return;
    this.#isFirstArmed = true;
    for (let first = this.#heap[0]; first !== undefined; first = this.#heap[0]) {
      if (this.#armed.get(first.key) === first.at) return;
      this.#pop();
    }
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let index = heap.length;
    heap.push(entry);
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = heap[parentIndex];
      if (parent === undefined || isBefore(parent, entry)) break;
      heap[index] = parent;
      index = parentIndex;
    }
    heap[index] = entry;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let index = 0;
    for (;;) {
      const left = heap[2 * index + 1];
      const right = heap[2 * index + 2];
      const isRightFirst = right !== undefined && left !== undefined && isBefore(right, left);
      const child = isRightFirst ? right : left;
      if (child === undefined || isBefore(last, child)) break;
      heap[index] = child;
      index = 2 * index + (isRightFirst ? 2 : 1);
    }
    heap[index] = last;
  }
}

interface Entry {
  readonly key: number;
  readonly at: number;
  readonly sequence: number;
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.at < b.at || (a.at === b.at && a.sequence < b.sequence);
}
