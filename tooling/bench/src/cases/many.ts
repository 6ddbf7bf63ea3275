import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { ourNodeProgram } from '@p2p/interop';

import type { Figure, FigureCase, Probe } from '../bench-case.js';
import { medianOf, type FigureSummary } from '../figures-report.js';
import { measureOnce } from '../one-run.js';
import type { Place } from '../place.js';
import type { Program } from '../programs/program.js';
import { GAUGE, PROGRAMS } from '../programs/programs.js';
import { runCommand } from '../run-command.js';
import type { Settings } from '../settings.js';
import type { Source } from '../source.js';
import { atLeast, type Verdict } from '../verdict.js';

const FILES = { fileCount: 10_000, bytesOf: () => 4096 };
/** Every third one empty, the others of a few bytes. */
const TINY_FILES = { fileCount: 100_000, bytesOf: (index: number) => (index % 3) * 7 };
const PIECE_BYTES = 65_536;

const CREATE = '10,000 files: create';
const COPY = '10,000 files: copy';

/** Folders of many files: what opening, making and naming them costs. */
export function manyCase(settings: Settings, place: Place): FigureCase {
  const files = place.source(FILES, 'memory', 'files');
  const tiny = place.source(TINY_FILES, 'memory', 'tiny');
  const others = settings.against.filter((name) => name !== GAUGE);
  const probes = ['ours' as const, ...others].map((name): Probe => ({
    name,
    run: async (folder) => [
      await copy(PROGRAMS[name], files, folder),
      ...(name === 'ours' ? await metadata(files, tiny, folder) : []),
    ],
  }));
  return { kind: 'figures', title: 'many: folders of small files', probes, judge: judgeMany };
}

/** Issue 3, "Done when", line 5. */
function judgeMany(summaries: readonly FigureSummary[]): readonly Verdict[] {
  return [CREATE, COPY].map((figure) => atLeast(`${figure} at least 5,000 files/s`, medianOf(summaries, figure), 5000));
}

async function copy(program: Program, files: Source, folder: string): Promise<Figure> {
  const contest = await files.contest(PIECE_BYTES);
  const parties = { seeder: program, leecher: program, leecherCount: 1 };
  const { wallSeconds } = await measureOnce({ ...contest, ...parties, folder: join(folder, 'copy') });
  return { name: COPY, unit: 'files/s', value: FILES.fileCount / wallSeconds };
}

async function metadata(files: Source, tiny: Source, folder: string): Promise<readonly Figure[]> {
  await Promise.all([files.made(), tiny.made()]);
  const ours = (...args: readonly string[]): Promise<number> =>
    runCommand(process.execPath, [ourNodeProgram(), ...args, '--quiet']);
  const torrent = join(folder, 'many.torrent');
  const created = await ours('create', files.path, '-o', torrent, '--piece-size', '64KiB');
  rmSync(torrent);
  const createdTiny = await ours('create', tiny.path, '-o', torrent);
  const read = await ours('info', torrent);
  return [
    { name: CREATE, unit: 'files/s', value: FILES.fileCount / created },
    { name: '100,000 tiny files: create', unit: 'files/s', value: TINY_FILES.fileCount / createdTiny },
    { name: '100,000 tiny files: info', unit: 's', value: read },
  ];
}
