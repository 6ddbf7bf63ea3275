import { CliError } from '@p2p/cli';

/**
 * Reads the seeds of a sweep: `7`, `1..20` (both ends included), or several of these, as in `1..20,1000`.
 *
 * @returns ascending, each once
 * @throws {CliError} `usage`
 */
export function parseSeeds(text: string): number[] {
  const seeds = new Set<number>();
  for (const part of text.split(',')) {
    const [, first = '', last = first] = /^(\d{1,10})(?:\.\.(\d{1,10}))?$/.exec(part.trim()) ?? [];
    const [from, to] = [Number(first), Number(last)];
    if (first === '' || to < from || to > LARGEST_SEED || seeds.size + to - from >= MAX_SEEDS) {
      throw new CliError(
        'usage',
        `expected seeds such as 7, 1..20 or 1..20,1000, each from 0 to ${LARGEST_SEED} and at most ${MAX_SEEDS}, got "${text}"`,
      );
    }
    for (let seed = from; seed <= to; seed++) seeds.add(seed);
  }
  return [...seeds].sort((a, b) => a - b);
}

/** 32 bits. */
const LARGEST_SEED = 2 ** 32 - 1;
/** A hundred nights of ten thousand; a slip of the hand (`1..99999999`) must not fill the memory. */
const MAX_SEEDS = 1_000_000;
