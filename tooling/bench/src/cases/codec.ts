import type { FigureCase } from '../bench-case.js';
import { ratioTo, type FigureSummary } from '../figures-report.js';
import { isNpmInstalled, npmFolder } from '../npm-programs.js';
import { runProbe } from '../run-probe.js';
import { atLeast, type Verdict } from '../verdict.js';

const FOREIGN = 'bittorrent-protocol';
const COPY = 'memory-copy';

/** Messages a second, each contestant in a process of its own. */
export function codecCase(): FigureCase {
  const names = ['ours', ...(isNpmInstalled() ? [FOREIGN] : []), COPY];
  return {
    kind: 'figures',
    title: 'codec: messages encoded and decoded in memory, from chunks of 64 KiB',
    probes: names.map((name) => ({ name, run: () => runProbe('codec-probe', [name, npmFolder()]) })),
    judge: judgeCodec,
  };
}

/** Issue 3, "Done when", line 6. */
export function judgeCodec(summaries: readonly FigureSummary[]): readonly Verdict[] {
  const figures = [...new Set(summaries.map(({ figure }) => figure))];
  const against = (who: string, bound: number, what: string): readonly Verdict[] =>
    figures.flatMap((figure) => {
      const ratio = ratioTo(summaries, figure, who);
      return ratio === undefined ? [] : [atLeast(`${figure}: at least ${bound} x ${what}`, ratio, bound)];
    });
  return [...against(FOREIGN, 3, FOREIGN), ...against(COPY, 0.5, 'a memory copy')];
}
