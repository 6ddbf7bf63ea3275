import type { BenchCase, Entry } from '../bench-case.js';
import { measureOnce } from '../one-run.js';
import { GAUGE, PROGRAMS } from '../programs/programs.js';
import type { ProgramName } from '../programs/program.js';
import type { Settings } from '../settings.js';
import type { Source } from '../source.js';

const LEECHER_COUNT = 8;

/** One seeder to eight leechers, who are told its address only: how well they find and help each other. */
export function swarmCase(settings: Settings, makeSource: (byteCount: number) => Source): BenchCase {
  const byteCount = settings.byteCount ?? 256 * 2 ** 20;
  const source = makeSource(byteCount);
  const others = settings.against.filter((name) => PROGRAMS[name].canDial && name !== GAUGE);
  const names: readonly ProgramName[] = ['ours', ...others, GAUGE];
  const entries = (settings.pieceSizes ?? [256 * 1024]).flatMap((pieceBytes) =>
    names.map((name): Entry => ({
      name: `${name} 1 -> ${leecherCount(name)}`,
      pieceBytes,
      run: async (folder) =>
        measureOnce({
          ...(await source.contest(pieceBytes)),
          seeder: PROGRAMS[name],
          leecher: PROGRAMS[name],
          leecherCount: leecherCount(name),
          folder,
        }),
    })),
  );
  return { title: `swarm: one seeder to ${LEECHER_COUNT} leechers`, byteCount, copyCount: 1 + LEECHER_COUNT, entries };
}

/** The bare loop has no peers to find: it only tells how quiet the machine is. */
function leecherCount(name: ProgramName): number {
  return name === GAUGE ? 1 : LEECHER_COUNT;
}
