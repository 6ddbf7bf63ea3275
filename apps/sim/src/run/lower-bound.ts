/** What limits a run: how many nodes send and receive, and how fast. Rates in bytes per second, absent if unlimited. */
export interface SwarmCapacity {
  readonly lengthBytes: number;
  readonly seederCount: number;
  readonly leecherCount: number;
  readonly uploadBytesPerSecond?: number | undefined;
  readonly downloadBytesPerSecond?: number | undefined;
}

/**
 * The time below which no scheme whatever can bring the file to every leecher, in seconds.
 *
 * `max(F / u_S, F / d, N F / (u_S + N u))` for N leechers: the seeders must send each byte once; each leecher must
 * receive each byte; and all uplinks together must carry N copies. Unlimited rates drop out.
 *
 * @returns `undefined` if no rate is limited: then only the machine sets the bound
 * @see R. Kumar, K. W. Ross: Peer-Assisted File Distribution: The Minimum Distribution Time (2006)
 */
export function lowerBoundSeconds(capacity: SwarmCapacity): number | undefined {
  const upload = capacity.uploadBytesPerSecond ?? Infinity;
  const download = capacity.downloadBytesPerSecond ?? Infinity;
  if (upload === Infinity && download === Infinity) return undefined;
  const { lengthBytes, seederCount, leecherCount } = capacity;
  const firstCopy = lengthBytes / (seederCount * upload);
  const slowestDownlink = lengthBytes / download;
  const allCopies = (leecherCount * lengthBytes) / ((seederCount + leecherCount) * upload);
  return Math.max(firstCopy, slowestDownlink, allCopies);
}
