/** A lower bound of the time to the last completion, in seconds. */
export interface Bound {
  readonly name: 'LB1' | 'LB2' | 'LBt';
  readonly seconds: number;
}

/**
 * LB1, the fluid bound: `max(F / u_S, F / d_min, N F / (u_S + sum u_i))`.
 *
 * The seeders must send each byte once, the slowest downlink must receive each, and all uplinks together must carry N copies.
 *
 * @param swarm rates in bytes per second; a peer that does not upload counts with 0
 * @see R. Kumar, K. W. Ross: Peer-Assisted File Distribution: The Minimum Distribution Time (2006)
 */
export function fluidBound(swarm: {
  readonly fileBytes: number;
  readonly seederUp: number;
  readonly leechers: readonly { readonly up: number; readonly down: number }[];
}): Bound {
  const { fileBytes, seederUp, leechers } = swarm;
  const slowestDown = leechers.reduce((least, { down }) => Math.min(least, down), Infinity);
  const allUp = leechers.reduce((sum, { up }) => sum + up, seederUp);
  const seconds = Math.max(fileBytes / seederUp, fileBytes / slowestDown, (leechers.length * fileBytes) / allUp);
  return { name: 'LB1', seconds };
}

/**
 * LB2, the piece bound: `(F / u) (1 + floor(log2 N) / M)`, for one seeder and N leechers that all send at rate u and
 * receive no slower, when only whole pieces can be passed on.
 *
 * @see J. Mundinger, R. Weber, G. Weiss: Optimal Scheduling of Peer-to-Peer File Dissemination (2008)
 */
export function pieceBound(swarm: {
  readonly fileBytes: number;
  readonly pieces: number;
  readonly up: number;
  readonly leecherCount: number;
}): Bound {
  const { fileBytes, pieces, up, leecherCount } = swarm;
  const doublings = 31 - Math.clz32(leecherCount);
  return { name: 'LB2', seconds: (fileBytes / up) * (1 + doublings / pieces) };
}

/**
 * LBt, the capacity bound of a swarm whose membership changes: the first time at which all that the uplinks there were could
 * have sent is what those who finished needed.
 *
 * @param spans each peer's time in the swarm, seconds, and its uplink in bytes per second
 * @param neededBytes what all who finished had to receive
 */
export function capacityBound(
  spans: readonly { readonly from: number; readonly to: number; readonly up: number }[],
  neededBytes: number,
): Bound {
  const changes = spans.flatMap(({ from, to, up }) => [
    { at: from, up },
    { at: to, up: -up },
  ]);
  changes.sort((a, b) => a.at - b.at || a.up - b.up);
  let [at, rate, missing] = [0, 0, neededBytes];
  for (const change of changes) {
    const sent = rate * (change.at - at);
    if (sent >= missing) break;
    missing -= sent;
    at = change.at;
    rate += change.up;
  }
  return { name: 'LBt', seconds: rate > 0 ? at + missing / rate : Infinity };
}
