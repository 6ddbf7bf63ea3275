import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import type { BenchCase, Entry, Measurement } from './bench-case.js';
import { requireMemory, warmMemory } from './memory-file-system.js';

/** An entry with all its runs, in the order of the rounds. */
export interface EntryResult {
  readonly name: string;
  readonly pieceBytes: number;
  readonly measurements: readonly Measurement[];
}

/**
 * Runs every entry once in each round, so that whatever disturbs the machine disturbs all alike.
 *
 * @throws {Error} when a run fails: a table with holes would not be a comparison
 */
export async function runCase(
  benchCase: BenchCase,
  runCount: number,
  folder: string,
  say: (line: string) => void,
): Promise<readonly EntryResult[]> {
  const { byteCount, copyCount, entries } = benchCase;
  requireMemory(byteCount * (copyCount + 1));
  const measurements = new Map<Entry, Measurement[]>(entries.map((entry) => [entry, []]));
  for (let round = 1; round <= runCount; round++) {
    for (const [entry, runs] of measurements) {
      warmMemory(folder, byteCount * copyCount);
      const scratch = join(folder, 'run');
      mkdirSync(scratch);
      const measurement = await entry.run(scratch);
      rmSync(scratch, { recursive: true });
      runs.push(measurement);
      say(`round ${round}/${runCount}  ${describe(entry)}  ${measurement.wallSeconds.toFixed(2)} s`);
    }
  }
  return entries.map((entry) => ({
    name: entry.name,
    pieceBytes: entry.pieceBytes,
    measurements: measurements.get(entry) ?? [],
  }));
}

function describe(entry: Entry): string {
  return `${entry.name.padEnd(36)} ${String(entry.pieceBytes / 1024).padStart(5)} KiB pieces`;
}
