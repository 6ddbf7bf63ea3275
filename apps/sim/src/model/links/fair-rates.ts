/** A flow between two hosts, by number, and the most it can take, in bytes per second. */
export interface FlowDemand {
  readonly from: number;
  readonly to: number;
  readonly cap: number;
}

/**
 * The max-min fair rates of flows that share access links, by progressive filling: all rates grow alike; where a link is
 * full, its flows stay as they are; so on until every flow is held by a link or by its own cap.
 *
 * @param hosts what each host can send and receive, in bytes per second
 * @returns by flow, bytes per second
 * @see D. Bertsekas, R. Gallager: Data Networks (1992), 6.5.2
 */
export function fairRates(
  hosts: readonly { readonly up: number; readonly down: number }[],
  flows: readonly FlowDemand[],
): Float64Array {
  const rates = new Float64Array(flows.length).fill(UNKNOWN);
  const links = hosts.flatMap(({ up, down }): Link[] => [
    { room: up, growing: 0 },
    { room: down, growing: 0 },
  ]);
  const linksOf = flows.map(({ from, to }) =>
    [links[2 * from], links[2 * to + 1]].filter((link) => link !== undefined),
  );
  for (const link of linksOf.flat()) link.growing += 1;
  let level = 0;
  for (let growing = flows.length; growing > 0;) {
    const nextLevel = nextHold(links, flows, rates, level);
    for (const link of links) link.room -= link.growing * (nextLevel - level);
    level = nextLevel;
    const held = flows.flatMap(({ cap }, index) => {
      const isHeld = rates[index] === UNKNOWN && (cap <= level || linksOf[index]?.some(isFull) === true);
      return isHeld ? [index] : [];
    });
    for (const index of held) {
      rates[index] = level;
      for (const link of linksOf[index] ?? []) link.growing -= 1;
    }
    growing = held.length === 0 ? 0 : growing - held.length;
  }
  return rates;
}

/** The level at which the next link is full or the next cap is reached. */
function nextHold(links: readonly Link[], flows: readonly FlowDemand[], rates: Float64Array, level: number): number {
  let next = Infinity;
  for (const { room, growing } of links) if (growing > 0) next = Math.min(next, level + room / growing);
  for (const [index, { cap }] of flows.entries()) if (rates[index] === UNKNOWN) next = Math.min(next, cap);
  return next;
}

interface Link {
  /** What is not yet given away. */
  room: number;
  /** Flows through it whose rate still grows. */
  growing: number;
}

/** To a millionth of a byte per second: sums of fractions are not exact. */
function isFull({ room }: Link): boolean {
  return room <= 1e-6;
}

const UNKNOWN = -1;
