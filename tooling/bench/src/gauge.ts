import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { warmMemory } from './memory-file-system.js';
import { measureOnce } from './one-run.js';
import { PROGRAMS, GAUGE } from './programs/programs.js';
import { Source } from './source.js';

const GAUGE_BYTES = 256 * 2 ** 20;
const PIECE_BYTES = 1 << 20;

/** The bare loop, for cases that copy nothing themselves. */
export interface Gauge {
  /** Of the runs so far. */
  readonly seconds: readonly number[];
  run(): Promise<void>;
}

/** @param folder on the memory file system */
export async function measureGauge(folder: string): Promise<Gauge> {
  const sourceFolder = join(folder, 'gauge');
  const scratch = join(folder, 'gauge-run');
  mkdirSync(sourceFolder, { recursive: true });
  const contest = await new Source({ byteCount: GAUGE_BYTES }, sourceFolder).contest(PIECE_BYTES);
  const seconds: number[] = [];
  return {
    seconds,
    run: async () => {
      warmMemory(folder, GAUGE_BYTES);
      mkdirSync(scratch, { recursive: true });
      const program = PROGRAMS[GAUGE];
      const parties = { seeder: program, leecher: program, leecherCount: 1 };
      seconds.push((await measureOnce({ ...contest, ...parties, folder: scratch })).wallSeconds);
      rmSync(scratch, { recursive: true });
    },
  };
}
