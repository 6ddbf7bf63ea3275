import type { BenchCase, Entry } from '../bench-case.js';
import { measureOnce } from '../one-run.js';
import { PROGRAMS } from '../programs/programs.js';
import type { ProgramName } from '../programs/program.js';
import type { Settings } from '../settings.js';
import type { Source } from '../source.js';

const LEECHER_COUNT = 8;

/** One seeder to eight leechers, who are told its address only: how well they find and help each other. */
export function swarmCase(settings: Settings, makeSource: (byteCount: number) => Source): BenchCase {
  const byteCount = settings.byteCount ?? 256 * 2 ** 20;
  const source = makeSource(byteCount);
  // The bare loop has no peers to find: alone, one after another, it would say nothing.
  const names = settings.against.filter((name) => PROGRAMS[name].canDial && name !== 'node-loop');
  const entries = (settings.pieceSizes ?? [256 * 1024]).flatMap((pieceBytes) =>
    ['ours' as const, ...names].map((name: ProgramName): Entry => ({
      name: `${name} 1 -> ${LEECHER_COUNT}`,
      pieceBytes,
      run: async (folder) =>
        measureOnce({
          ...(await source.contest(pieceBytes)),
          seeder: PROGRAMS[name],
          leecher: PROGRAMS[name],
          leecherCount: LEECHER_COUNT,
          folder,
        }),
    })),
  );
  return { title: `swarm: one seeder to ${LEECHER_COUNT} leechers`, byteCount, copyCount: 1 + LEECHER_COUNT, entries };
}
