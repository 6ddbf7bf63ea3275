import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { OurNode, ourNodeProgram } from '@p2p/interop';

import type { Figure, FigureCase, Probe } from '../bench-case.js';
import { requireCopy } from '../digests.js';
import { medianOf, ratioTo, type FigureSummary } from '../figures-report.js';
import { isNpmInstalled } from '../npm-programs.js';
import { measureOnce } from '../one-run.js';
import type { Place } from '../place.js';
import { hostNumber } from '../private-network.js';
import type { Program } from '../programs/program.js';
import { GAUGE, PROGRAMS } from '../programs/programs.js';
import type { Settings } from '../settings.js';
import type { Source } from '../source.js';
import { spreadOf } from '../statistics.js';
import { atMost, type Verdict } from '../verdict.js';

const FILE_BYTES = 2 ** 20;
const PIECE_BYTES = 65_536;
const STARTS = 9;

const EXITED = '1 MiB, until exit';
const VERIFIED = '1 MiB, until verified';
const START_UP = 'start-up';

/** What a person waits for when the file is small: that programs start. */
export function smallCase(settings: Settings, place: Place): FigureCase {
  const source = place.source({ byteCount: settings.sizes?.[0] ?? FILE_BYTES }, 'memory', 'source');
  const foreign = settings.against.filter((name) => name !== GAUGE);
  const others = isNpmInstalled() ? [...new Set([...foreign, 'webtorrent' as const])] : foreign;
  const fetching = ['ours' as const, ...others].map((name): Probe => ({
    name,
    run: async (folder) => [
      ...(await untilVerified(PROGRAMS[name], source, join(folder, 'a'))),
      ...(await untilExit(PROGRAMS[name], source, join(folder, 'b'))),
      ...(name === 'ours' ? [startUp([ourNodeProgram(), '--version']), await untilSharing(source, folder)] : []),
    ],
  }));
  const bareNode: Probe = { name: 'node -e 0', run: () => Promise.resolve([startUp(['-e', '0'])]) };
  return {
    kind: 'figures',
    title: 'small: a file of 1 MiB, and start-up',
    probes: [...fetching, bareNode],
    judge: judgeSmall,
  };
}

/** Issue 3, "Done when", line 4. */
function judgeSmall(summaries: readonly FigureSummary[]): readonly Verdict[] {
  return [
    atMost('1 MiB from start to exit: at most the time of WebTorrent', ratioTo(summaries, EXITED, 'webtorrent'), 1),
    atMost('1 MiB from start to exit: aim 0.35 s', medianOf(summaries, EXITED), 0.35),
    atMost('--version within 1.3 x node -e 0', ratioTo(summaries, START_UP, 'node -e 0'), 1.3),
  ];
}

async function untilVerified(program: Program, source: Source, folder: string): Promise<readonly Figure[]> {
  const contest = await source.contest(PIECE_BYTES);
  const run = await measureOnce({ ...contest, seeder: program, leecher: program, leecherCount: 1, folder });
  return [{ name: VERIFIED, unit: 's', value: run.wallSeconds }];
}

async function untilExit(program: Program, source: Source, folder: string): Promise<readonly Figure[]> {
  if (program.fetchAndLeave === undefined) return [];
  const { job, digests } = await source.contest(PIECE_BYTES);
  const seeder = await program.seed(job, { host: hostNumber(1), stateFolder: join(folder, 'seeder') });
  try {
    const copy = join(folder, 'copy');
    const startMs = performance.now();
    await program.fetchAndLeave(job, { host: hostNumber(2), stateFolder: join(folder, 'state') }, copy, seeder.address);
    const value = (performance.now() - startMs) / 1000;
    await requireCopy(join(copy, job.torrent.name), digests);
    return [{ name: EXITED, unit: 's', value }];
  } finally {
    await seeder.stop();
  }
}

function startUp(args: readonly string[]): Figure {
  const times = Array.from({ length: STARTS }, () => {
    const startMs = performance.now();
    spawnSync(process.execPath, args, { stdio: 'ignore' });
    return performance.now() - startMs;
  });
  return { name: START_UP, unit: 'ms', value: spreadOf(times).median };
}

async function untilSharing(source: Source, folder: string): Promise<Figure> {
  await source.made();
  const node = new OurNode({ host: hostNumber(1), stateFolder: join(folder, 'sharer') });
  const startMs = performance.now();
  try {
    await node.share(source.path, PIECE_BYTES);
    return { name: 'share, until it listens', unit: 's', value: (performance.now() - startMs) / 1000 };
  } finally {
    await node.stop();
  }
}
