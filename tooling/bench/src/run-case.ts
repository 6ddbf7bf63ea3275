import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import type { CopyCase, Entry, Figure, FigureCase, Measurement, Probe } from './bench-case.js';
import type { ProbeResult } from './figures-report.js';
import { requireMemory, warmMemory } from './memory-file-system.js';

/** An entry with all its runs, in the order of the rounds. */
export interface EntryResult {
  readonly name: string;
  readonly group: string;
  readonly byteCount: number;
  readonly measurements: readonly Measurement[];
}

/** How a case is run. */
export interface Running {
  readonly runCount: number;
  /** For the files of a run, on the memory file system. */
  readonly folder: string;
  /** Told what was just measured. */
  readonly say: (line: string) => void;
}

/**
 * Runs every entry once in each round, so that whatever disturbs the machine disturbs all alike.
 *
 * @throws {Error} when a run fails: a table with holes would not be a comparison
 */
export async function runCopies(benchCase: CopyCase, running: Running): Promise<readonly EntryResult[]> {
  const { memoryBytes, freshBytes, entries } = benchCase;
  requireMemory(memoryBytes);
  const measurements = await inTurns(entries, running, async (entry: Entry, scratch) => {
    warmMemory(running.folder, Math.min(freshBytes, entry.byteCount * (freshBytes / largest(entries))));
    const measurement = await entry.run(scratch);
    const text = `${entry.name.padEnd(36)} ${entry.group.padStart(14)}  ${measurement.wallSeconds.toFixed(2)} s`;
    return { value: measurement, text };
  });
  return entries.map((entry) => ({
    name: entry.name,
    group: entry.group,
    byteCount: entry.byteCount,
    measurements: measurements.get(entry) ?? [],
  }));
}

/**
 * Runs every probe once in each round.
 *
 * @throws {Error} when a run fails
 */
export async function runProbes(benchCase: FigureCase, running: Running): Promise<readonly ProbeResult[]> {
  const { probes } = benchCase;
  const rounds = await inTurns<Probe, readonly Figure[]>(probes, running, async (probe, scratch) => {
    const figures = await probe.run(scratch);
    const found = figures.map(({ name, value, unit }) => `${name} ${value.toPrecision(4)} ${unit}`.trim());
    return { value: figures, text: `${probe.name}: ${found.join(', ')}` };
  });
  return probes.map((probe) => ({ name: probe.name, rounds: rounds.get(probe) ?? [] }));
}

async function inTurns<T, R>(
  contestants: readonly T[],
  { runCount, folder, say }: Running,
  run: (contestant: T, scratch: string) => Promise<{ value: R; text: string }>,
): Promise<ReadonlyMap<T, readonly R[]>> {
  const results = new Map<T, R[]>(contestants.map((contestant) => [contestant, []]));
  for (let round = 1; round <= runCount; round++) {
    for (const [contestant, found] of results) {
      const scratch = join(folder, 'run');
      mkdirSync(scratch, { recursive: true });
      const { value, text } = await run(contestant, scratch);
      rmSync(scratch, { recursive: true, force: true });
      found.push(value);
      say(`round ${round}/${runCount}  ${text}`);
    }
  }
  return results;
}

function largest(entries: readonly Entry[]): number {
  return Math.max(...entries.map(({ byteCount }) => byteCount));
}
