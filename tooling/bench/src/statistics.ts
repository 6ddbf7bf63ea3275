/** A middle value and how far the others lie from it. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** @throws {RangeError} for no values at all */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const [least] = sorted;
  const most = sorted.at(-1);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  if (least === undefined || most === undefined || low === undefined || high === undefined) {
    throw new RangeError('expected at least one value, got none');
  }
  return { median: (low + high) / 2, least, most };
}

/** From the least to the most, as a share of the median. */
export function relativeRange({ median, least, most }: Spread): number {
  return (most - least) / median;
}
