/**
 * The smallest of `values` that at least the share `q` of them do not exceed (nearest rank: always a value that occurred).
 *
 * @param q above 0, at most 1
 * @returns `undefined` if there are no values
 */
export function quantile(values: readonly number[], q: number): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  // 0.28 of 25 is 7.000000000000001 to the machine, and the seventh to us.
  return sorted[Math.ceil(q * sorted.length - ROUNDING) - 1];
}

/** More than a product of a share and a count is off, and less than what parts two ranks of a million. */
const ROUNDING = 1e-7;
