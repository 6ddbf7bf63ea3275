/**
 * The smallest of `values` that at least the share `q` of them do not exceed (nearest rank: always a value that occurred).
 *
 * @param q above 0, at most 1
 * @returns `undefined` if there are no values
 */
export function quantile(values: readonly number[], q: number): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(q * sorted.length) - 1];
}
