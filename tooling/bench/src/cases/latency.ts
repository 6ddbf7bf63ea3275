import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import type { Figure, FigureCase, Probe } from '../bench-case.js';
import { requireCopy } from '../digests.js';
import { medianOf, type FigureSummary } from '../figures-report.js';
import { DelayProxy, type Line } from '../latency/start-proxy.js';
import { warmMemory } from '../memory-file-system.js';
import type { Place } from '../place.js';
import { hostNumber } from '../private-network.js';
import type { Program } from '../programs/program.js';
import { GAUGE, PROGRAMS } from '../programs/programs.js';
import { runProbe } from '../run-probe.js';
import type { Settings } from '../settings.js';
import type { Source } from '../source.js';
import { atLeast, type Verdict } from '../verdict.js';

const PIECE_BYTES = 2 ** 20;
const ROUND_TRIP_MS = 100;
/** Names, and the content that keeps the line busy for some 8 to 11 s. */
const LINES = [
  { name: '100 Mb/s', bitsPerSecond: 100e6, byteCount: 128 * 2 ** 20, aim: 95 },
  { name: '1 Gb/s', bitsPerSecond: 1e9, byteCount: 1024 * 2 ** 20, aim: 90 },
] as const;
const VIRTUAL = 'ours, virtual time';

/** How much of a long line one peer fills, in virtual time and over real TCP. */
export function latencyCase(settings: Settings, place: Place): FigureCase {
  const others = settings.against.filter((name) => name !== GAUGE && PROGRAMS[name].canDial);
  const sources = LINES.map(({ byteCount }) => place.source({ byteCount }, 'memory', `source-${byteCount}`));
  const real = ['ours' as const, ...others].map((name): Probe => ({
    name,
    run: async (folder) => {
      const figures: Figure[] = [];
      for (const [index, { name: line, bitsPerSecond }] of LINES.entries()) {
        const bytesPerSecond = bitsPerSecond / 8;
        const source = sources[index];
        if (source === undefined) continue;
        const parts = { line: { bytesPerSecond, roundTripMs: ROUND_TRIP_MS }, folder: join(folder, String(index)) };
        const share = (100 * (await measuredRate(PROGRAMS[name], source, parts))) / bytesPerSecond;
        figures.push({ name: line, unit: '%', value: share });
      }
      return figures;
    },
  }));
  const virtual: Probe = {
    name: VIRTUAL,
    run: async () =>
      (await Promise.all(LINES.map(virtualShare))).flatMap((figures, index) =>
        figures.map((figure) => ({ ...figure, name: LINES[index]?.name ?? '' })),
      ),
  };
  const title = `latency: share of a line of ${ROUND_TRIP_MS} ms there and back that one peer fills`;
  return { kind: 'figures', title, probes: [virtual, ...real], judge: judgeLatency };
}

/** Issue 3, "Done when", line 7. */
function judgeLatency(summaries: readonly FigureSummary[]): readonly Verdict[] {
  return LINES.flatMap(({ name, aim }) =>
    [VIRTUAL, 'ours'].map((who) =>
      atLeast(`${who}: at least ${aim} % of ${name}`, medianOf(summaries, name, who), aim),
    ),
  );
}

function virtualShare({ bitsPerSecond, byteCount }: (typeof LINES)[number]): Promise<readonly Figure[]> {
  return runProbe('virtual-line-probe', [bitsPerSecond / 8, ROUND_TRIP_MS, byteCount].map(String));
}

async function measuredRate(program: Program, source: Source, parts: { line: Line; folder: string }): Promise<number> {
  const { line, folder } = parts;
  const { job, digests } = await source.contest(PIECE_BYTES);
  mkdirSync(folder, { recursive: true });
  const seeder = await program.seed(job, { host: hostNumber(1), stateFolder: join(folder, 'seeder') });
  const proxy = await DelayProxy.start({ host: hostNumber(3), port: seeder.address.port + 1 }, seeder.address, line);
  try {
    warmMemory(folder, job.byteCount);
    const copy = join(folder, 'copy');
    const site = { host: hostNumber(2), stateFolder: join(folder, 'leecher') };
    const leecher = await program.leech(job, site, copy, proxy.address);
    try {
      await leecher.completed;
      const rate = await proxy.bytesPerSecond();
      await requireCopy(join(copy, job.torrent.name), digests);
      return rate;
    } finally {
      await leecher.stop();
    }
  } finally {
    proxy.stop();
    await seeder.stop();
  }
}
