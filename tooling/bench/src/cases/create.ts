import { availableParallelism } from 'node:os';
import { join } from 'node:path';

import { ourNodeProgram } from '@p2p/interop';

import type { FigureCase, Probe } from '../bench-case.js';
import { ratioTo, type FigureSummary } from '../figures-report.js';
import { isOnPath } from '../install-missing.js';
import type { Place } from '../place.js';
import { runCommand } from '../run-command.js';
import type { Settings } from '../settings.js';
import { atLeast, type Verdict } from '../verdict.js';

const FIGURE = 'hashing';
const MKTORRENT = 'mktorrent';
/** 2^20, as mktorrent wants it. */
const PIECE_EXPONENT = 20;

/** How fast a torrent is made of a large file, on all cores. */
export function createCase(settings: Settings, place: Place): FigureCase {
  const byteCount = settings.sizes?.[0] ?? 4 * 2 ** 30;
  const source = place.source({ byteCount }, 'memory', 'source');
  const probe = (name: string, command: string, args: (out: string) => readonly string[]): Probe => ({
    name,
    run: async (folder) => {
      await source.made();
      const seconds = await runCommand(command, args(join(folder, 'made.torrent')));
      return [{ name: FIGURE, unit: 'MB/s', value: byteCount / 1e6 / seconds }];
    },
  });
  const threads = String(availableParallelism());
  const torrentArgs = ['-l', String(PIECE_EXPONENT), '-t', threads, '-a', 'http://127.0.0.1:9/announce'];
  const probes = [
    probe('ours', process.execPath, (out) => [
      ...[ourNodeProgram(), 'create', source.path, '-o', out],
      ...['--piece-size', String(2 ** PIECE_EXPONENT), '--quiet'],
    ]),
    ...(isOnPath(MKTORRENT) ? [probe(MKTORRENT, MKTORRENT, (out) => [...torrentArgs, '-o', out, source.path])] : []),
    ...(isOnPath('openssl') ? [probe('openssl sha1', 'openssl', () => ['sha1', source.path])] : []),
  ];
  const title = `create: ${byteCount / 2 ** 20} MiB in pieces of 1 MiB, ${threads} threads`;
  return { kind: 'figures', title, probes, judge: judgeCreate };
}

/** Issue 3, "Done when", line 5. */
function judgeCreate(summaries: readonly FigureSummary[]): readonly Verdict[] {
  return [atLeast('at least as fast as mktorrent on the same cores', ratioTo(summaries, FIGURE, MKTORRENT), 1)];
}
