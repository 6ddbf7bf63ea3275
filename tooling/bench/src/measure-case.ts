import { rmSync } from 'node:fs';
import { join } from 'node:path';

import type { BenchCase, CopyCase, FigureCase } from './bench-case.js';
import { CASE_PLANS } from './cases/case-plans.js';
import { formatFigures, summarizeFigures } from './figures-report.js';
import { measureGauge } from './gauge.js';
import { Place } from './place.js';
import { formatTable, summarize, whyInvalid, whyUnsteady } from './report.js';
import { runCopies, runProbes, type Running } from './run-case.js';
import type { CaseName, Settings } from './settings.js';
import { formatVerdict, type Verdict } from './verdict.js';

/** What is written to the JSON file. */
export interface CaseReport {
  readonly case: CaseName;
  readonly title: string;
  readonly summaries: readonly object[];
  readonly results: readonly object[];
  readonly verdicts: readonly Verdict[];
  /** Why none of it is to be believed. */
  readonly invalid: string | null;
}

/** Measures one case and prints its table. `folder` is on the memory file system. */
export async function measureCase(name: CaseName, settings: Settings, folder: string): Promise<CaseReport> {
  const caseFolder = join(folder, name);
  const place = new Place(caseFolder);
  place.folder('memory', '.');
  const benchCase: BenchCase = CASE_PLANS[name](settings, place);
  const { title } = benchCase;
  console.log(`${title}; ${settings.runCount} runs`);
  const running = { runCount: settings.runCount, folder: caseFolder, say: (line: string) => console.error(line) };
  const found = benchCase.kind === 'copies' ? await measureCopies(benchCase, running) : await probe(benchCase, running);
  rmSync(caseFolder, { recursive: true, force: true });
  const { table, ...report } = found;
  console.log([table, ...report.verdicts.map(formatVerdict), ...(report.invalid ?? '').split('\n')].join('\n'));
  return { case: name, title, ...report };
}

type Found = Omit<CaseReport, 'case' | 'title'> & { readonly table: string };

async function measureCopies(benchCase: CopyCase, running: Running): Promise<Found> {
  const results = await runCopies(benchCase, running);
  const summaries = summarize(results);
  return {
    summaries,
    results,
    verdicts: benchCase.judge(summaries),
    invalid: whyInvalid(results) ?? null,
    table: formatTable(summaries),
  };
}

/** The bare loop runs before each round and after the last, to tell how quiet the machine was. */
async function probe(benchCase: FigureCase, running: Running): Promise<Found> {
  const gauge = await measureGauge(running.folder);
  const first = benchCase.probes[0];
  const probes = benchCase.probes.map((one) => ({
    name: one.name,
    run: async (folder: string) => {
      if (one === first) await gauge.run();
      return one.run(folder);
    },
  }));
  const results = await runProbes({ ...benchCase, probes }, running);
  await gauge.run();
  const summaries = summarizeFigures(results);
  return {
    summaries,
    results,
    verdicts: benchCase.judge(summaries),
    invalid: whyUnsteady(gauge.seconds) ?? null,
    table: formatFigures(summaries),
  };
}
