/** One thing that was aimed at, and what was found. */
export interface Verdict {
  readonly target: string;
  /** Nothing when it was not measured. */
  readonly found: number | undefined;
  readonly holds: boolean | undefined;
}

export function atLeast(target: string, found: number | undefined, bound: number): Verdict {
  return { target, found: known(found), holds: known(found) === undefined ? undefined : Number(found) >= bound };
}

export function atMost(target: string, found: number | undefined, bound: number): Verdict {
  return { target, found: known(found), holds: known(found) === undefined ? undefined : Number(found) <= bound };
}

export function formatVerdict({ target, found, holds }: Verdict): string {
  if (found === undefined || holds === undefined) return `target: ${target}: not measured`;
  return `target: ${target}: ${formatFound(found)} ${holds ? 'holds' : 'MISSED'}`;
}

/** Three figures that count. */
function formatFound(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

/** Nothing to compare with makes NaN or an infinity. */
function known(found: number | undefined): number | undefined {
  return found === undefined || !Number.isFinite(found) ? undefined : found;
}
