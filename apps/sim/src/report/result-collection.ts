import type { ModelResult } from '../model/model-result.js';
import { compareBy } from './compare.js';
import type { RealRun } from './result-schema.js';

/** A simulated run without its series, of which a large soup would fill the memory. */
export type RunSummary = Omit<ModelResult, 'series'>;

/** Runs that differ in nothing but their seed. */
export interface ResultGroup {
  readonly key: string;
  /** Ascending by seed. At least one. */
  readonly runs: readonly RunSummary[];
  /** Those of the lowest seeds, with their series. */
  readonly detailed: readonly ModelResult[];
}

/**
 * What a report is made from. Results may come in any order, and more than once: the same set of results always gives the
 * same groups.
 */
export class ResultCollection {
  readonly #groups = new Map<string, Group>();
  readonly #runs = new Map<string, RealRun>();
  readonly #contradictions = new Set<string>();
  #duplicateCount = 0;

  addModel(result: ModelResult): void {
    const key = groupKey(result);
    const group = this.#groups.get(key) ?? { seeds: new Set(), summaries: new Map<string, RunSummary>(), detailed: [] };
    this.#groups.set(key, group);
    const identity = identityOf(result);
    const { series: _, ...summary } = result;
    const known = group.summaries.get(identity);
    if (known !== undefined) {
      this.#duplicateCount++;
      // The same run, done twice in different times: which one is kept must not hang on the order of files.
      if (JSON.stringify(known) <= JSON.stringify(summary)) return;
      group.detailed = group.detailed.filter((other) => identityOf(other) !== identity);
    } else if (group.seeds.has(result.seed)) {
      this.#contradictions.add(`${result.scenario} with ${result.peers} peers, seed ${result.seed}`);
    }
    group.seeds.add(result.seed);
    group.summaries.set(identity, summary);
    group.detailed.push(result);
    group.detailed.sort(bySeed);
    group.detailed.splice(MAX_DETAILED_RUNS);
  }

  addRun(run: RealRun): void {
    const identity = JSON.stringify(run);
    if (this.#runs.has(identity)) this.#duplicateCount++;
    else this.#runs.set(identity, run);
  }

  /** By scenario, then by peers, then by settings. */
  groups(): ResultGroup[] {
    return [...this.#groups]
      .map(([key, { summaries, detailed }]) => ({ key, runs: [...summaries.values()].sort(bySeed), detailed }))
      .sort(
        compareBy(
          ({ runs: [first] }) => first?.scenario ?? '',
          ({ runs: [first] }) => first?.peers ?? 0,
          ({ key }) => key,
        ),
      );
  }

  realRuns(): RealRun[] {
    return [...this.#runs]
      .sort(
        compareBy(
          ([, run]) => run.peers,
          ([identity]) => identity,
        ),
      )
      .map(([, run]) => run);
  }

  /** Results that were given more than once, and are counted once. */
  get duplicateCount(): number {
    return this.#duplicateCount;
  }

  /** Runs of one seed and the same settings that were not the same run: different versions, or a lack of determinism. */
  get contradictions(): readonly string[] {
    return [...this.#contradictions].sort();
  }

  get isEmpty(): boolean {
    return this.#groups.size === 0 && this.#runs.size === 0;
  }
}

interface Group {
  readonly seeds: Set<number>;
  /** By identity. */
  readonly summaries: Map<string, RunSummary>;
  detailed: ModelResult[];
}

/** Of a run within its group. */
function identityOf({ seed, traceHash }: RunSummary): string {
  return `${seed} ${traceHash}`;
}

function groupKey({ scenario, peers, pieces, pieceBytes, linkModel, payload, settings }: ModelResult): string {
  const sorted = Object.entries(settings).sort(compareBy(([name]) => name));
  return JSON.stringify([scenario, peers, pieces, pieceBytes, linkModel, payload, sorted]);
}

const bySeed = compareBy<RunSummary>(
  ({ seed }) => seed,
  ({ traceHash }) => traceHash,
);

/** Pictures over time show one run, and a few others behind it; a soup has thousands. */
const MAX_DETAILED_RUNS = 20;
