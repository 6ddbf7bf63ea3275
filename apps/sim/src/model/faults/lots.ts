import type { SeededRandom } from '@p2p/swarm/testing';

/** An integer from `least` to `greatest`, both possible. */
export function draw(random: SeededRandom, least: number, greatest: number): number {
  return least + random.below(greatest - least + 1);
}

/** As `draw`, but small ones more often: the smaller of three draws. */
export function skewed(random: SeededRandom, least: number, greatest: number): number {
  return Math.min(draw(random, least, greatest), draw(random, least, greatest), draw(random, least, greatest));
}

export function chance(random: SeededRandom, percent: number): boolean {
  return random.below(100) < percent;
}

/** @throws {RangeError} for an empty list */
export function drawFrom<T>(random: SeededRandom, list: readonly T[]): T {
  const drawn = list[random.below(list.length)];
  if (drawn === undefined) throw new RangeError('"list" expected at least one thing to draw, got none');
  return drawn;
}

/** All of them, in a random order. */
export function shuffled<T>(random: SeededRandom, list: readonly T[]): T[] {
  const rest = [...list];
  const result: T[] = [];
  while (rest.length > 0) result.push(...rest.splice(random.below(rest.length), 1));
  return result;
}
