/** The only source of chance. */
export interface Random {
  /** A uniformly distributed integer from 0 to 2^32 - 1. */
  uint32(): number;
}

/**
 * An integer from 0 to `bound` - 1; 0 when there is no such integer.
 *
 * Uniform as far as anybody here can tell: with bounds below 2^21 the greatest bias is one in 2,048.
 */
export function randomBelow(random: Random, bound: number): number {
  return Math.floor((random.uint32() / 2 ** 32) * bound);
}

/** One of the items, by lot; undefined when there is none. */
export function oneOf<T>(random: Random, items: readonly T[]): T | undefined {
  return items[random.uint32() % Math.max(1, items.length)];
}

/** Draws `count` of the items by lot, without returning, and puts them to the front of the list, in the order of drawing. */
export function drawToFront(random: Random, items: unknown[], count: number): void {
  for (let index = 0; index < count; index++) {
    const other = index + (random.uint32() % (items.length - index));
    const [a, b] = [items[index], items[other]];
    if (a === undefined || b === undefined) return;
    items[index] = b;
    items[other] = a;
  }
}
