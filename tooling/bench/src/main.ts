import { mkdirSync, writeFileSync } from 'node:fs';
import { arch, cpus, loadavg, platform, release } from 'node:os';
import { join } from 'node:path';

import type { BenchCase } from './bench-case.js';
import { swarmCase } from './cases/swarm.js';
import { transferCase } from './cases/transfer.js';
import { makeMemoryFolder } from './memory-file-system.js';
import { rerunInPrivateNetwork } from './private-network.js';
import { whyNotHere } from './programs/programs.js';
import { formatTable, summarize, whyInvalid, type EntrySummary } from './report.js';
import { runCase, type EntryResult } from './run-case.js';
import { parseSettings, USAGE, type CaseName, type Settings } from './settings.js';
import { Source } from './source.js';

interface CaseReport {
  readonly case: CaseName;
  readonly byteCount: number;
  readonly summaries: readonly EntrySummary[];
  readonly results: readonly EntryResult[];
  readonly invalid: string | null;
}

const CASES: Readonly<Record<CaseName, (settings: Settings, makeSource: (byteCount: number) => Source) => BenchCase>> =
  {
    transfer: transferCase,
    swarm: swarmCase,
  };

process.exitCode = await main(process.argv.slice(2));

/** @returns 0 when measured, 1 when something failed or the figures are not to be believed, 2 for usage */
async function main(args: readonly string[]): Promise<number> {
  let settings: Settings | undefined;
  try {
    settings = parseSettings(args);
  } catch (error) {
    console.error(`${messageOf(error)}\n\n${USAGE}`);
    return 2;
  }
  if (settings === undefined) {
    console.log(USAGE);
    return 0;
  }
  const elsewhere = rerunInPrivateNetwork();
  if (elsewhere !== undefined) return elsewhere;
  process.once('SIGINT', () => process.exit(130)); // children and files go with us
  try {
    return await measure(settings);
  } catch (error) {
    console.error(messageOf(error));
    return 1;
  }
}

async function measure(settings: Settings): Promise<number> {
  const against = settings.against.filter(isHere);
  const machine = describeMachine();
  const folder = makeMemoryFolder();
  const reports: CaseReport[] = [];
  for (const name of settings.cases) reports.push(await measureCase(name, { ...settings, against }, folder));
  if (settings.jsonPath !== undefined) {
    writeFileSync(settings.jsonPath, JSON.stringify({ machine, cases: reports }, undefined, 2) + '\n');
  }
  return reports.some(({ invalid }) => invalid !== null) ? 1 : 0;
}

async function measureCase(name: CaseName, settings: Settings, folder: string): Promise<CaseReport> {
  const caseFolder = join(folder, name);
  const sourceFolder = join(caseFolder, 'source');
  mkdirSync(sourceFolder, { recursive: true });
  const benchCase = CASES[name](settings, (byteCount) => new Source(byteCount, sourceFolder));
  const { title, byteCount } = benchCase;
  console.log(`${title}, ${byteCount / 2 ** 20} MiB, ${settings.runCount} runs`);
  const results = await runCase(benchCase, settings.runCount, caseFolder, (line) => console.error(line));
  const summaries = summarize(results, byteCount);
  const invalid = whyInvalid(results);
  console.log(formatTable(summaries));
  if (invalid !== undefined) console.log(invalid);
  return { case: name, byteCount, summaries, results, invalid: invalid ?? null };
}

function isHere(name: Settings['against'][number]): boolean {
  const reason = whyNotHere(name);
  if (reason !== undefined) console.error(`left out: ${reason}`);
  return reason === undefined;
}

function describeMachine(): object {
  const processors = cpus();
  const [load = 0] = loadavg();
  if (load > processors.length / 2) {
    console.error(
      `the load is ${load.toFixed(1)} on ${processors.length} cores: better wait until the machine is idle`,
    );
  }
  const system = `${platform()} ${release()} ${arch()}`;
  return {
    processor: processors[0]?.model ?? 'unknown',
    cores: processors.length,
    system,
    node: process.version,
    load,
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
