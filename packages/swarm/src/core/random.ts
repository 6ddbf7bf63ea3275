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
