/**
 * The result of one simulated swarm: one JSON line, written by `p2p-sim model` and `p2p-sim tournament`, merged and
 * drawn by `p2p-sim report`. Times are seconds of virtual time unless said otherwise, sizes bytes, shares from 0 to 1.
 */
export interface ModelResult {
  readonly schema: 'p2p-sim/model/1';
  /** `S01` and so on; see `p2p-sim model --help`. */
  readonly scenario: string;
  readonly seed: number;
  /** Leechers that the scenario began with or that arrived; the seeders are not counted. */
  readonly peers: number;
  readonly pieces: number;
  readonly pieceBytes: number;
  readonly linkModel: 'chunk' | 'fluid' | 'ideal';
  readonly payload: 'refs' | 'bytes';
  /** What differs from the scenario's defaults, as given with `--set`. */
  readonly settings: Readonly<Record<string, string | number | boolean>>;
  /** The scenario's lower bound for the last completion, and what it is called (simulation.md, B.1). */
  readonly bound: { readonly name: 'LB1' | 'LB2' | 'LBt'; readonly seconds: number };
  /** Seconds from its own start to its verified file, for each leecher that finished, ascending. */
  readonly completionSeconds: readonly number[];
  /** Honest leechers that should have finished and did not; none in a run in which nobody has the content. */
  readonly incomplete: number;
  /** Of `completionSeconds`, over the bound. */
  readonly ratio: { readonly p50: number; readonly p95: number; readonly max: number };
  /** What the first seeder sent, in copies of the file. */
  readonly seederCopies: number;
  /** Payload received twice, or thrown away, over payload needed. */
  readonly duplicateShare: number;
  readonly wastedShare: number;
  /** Protocol bytes over payload bytes. */
  readonly controlShare: number;
  /** Of all honest uplinks, from the start to the last completion. */
  readonly uplinkUse: number;
  /** Targets of the scenario, and whether this run met each. */
  readonly checks: readonly ModelCheck[];
  /** How often each rare path happened. */
  readonly sometimes: Readonly<Record<string, number>>;
  readonly series: ModelSeries;
  readonly events: number;
  /** The command line that gives this run again. */
  readonly command: string;
  /** Real seconds and memory that the run took. */
  readonly wallSeconds: number;
  readonly peakMemoryBytes: number;
  /** 16 hexadecimal digits: the same for the same seed and settings, on every machine. */
  readonly traceHash: string;
}

/** One target: `actual` is compared with `limit` in the direction of `rule`. */
export interface ModelCheck {
  readonly name: string;
  readonly rule: 'atMost' | 'atLeast';
  readonly limit: number;
  readonly actual: number;
  readonly holds: boolean;
}

/** Samples at equal steps of virtual time; `at` has the times, every other list has one entry for each of them. */
export interface ModelSeries {
  readonly at: readonly number[];
  /** Share of the honest uplinks in use since the last sample. */
  readonly uplinkUse: readonly number[];
  /** Copies of the rarest piece among the living peers, and the mean over all pieces. */
  readonly availabilityMin: readonly number[];
  readonly availabilityMean: readonly number[];
  readonly finishedPeers: readonly number[];
  readonly livingPeers: readonly number[];
  /** Of up to 100 leechers, evenly chosen and in order of arrival: share of the file at each time. */
  readonly progress: readonly (readonly number[])[];
  readonly overlay: readonly OverlaySample[];
  /** For marks in the pictures. */
  readonly faults: readonly { readonly at: number; readonly label: string }[];
}

/** Shape of the graph of open sessions between living peers. */
export interface OverlaySample {
  readonly at: number;
  readonly meanDegree: number;
  readonly maxDegree: number;
  /** Longest shortest path in the largest component; above 500 peers from 64 starting points, so a lower bound. */
  readonly diameter: number;
  readonly meanPath: number;
  readonly clustering: number;
  readonly components: number;
  /** Share of the living peers in the largest component. */
  readonly largestShare: number;
}
