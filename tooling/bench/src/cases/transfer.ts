import type { BenchCase, Entry } from '../bench-case.js';
import { measureOnce } from '../one-run.js';
import { GAUGE, PROGRAMS } from '../programs/programs.js';
import type { ProgramName } from '../programs/program.js';
import type { Settings } from '../settings.js';
import type { Source } from '../source.js';

/** One seeder to one leecher: how fast a single connection is, and what it costs. */
export function transferCase(settings: Settings, makeSource: (byteCount: number) => Source): BenchCase {
  const byteCount = settings.byteCount ?? 2 ** 30;
  const source = makeSource(byteCount);
  const others = settings.against.filter((name) => name !== GAUGE);
  const pairs = [['ours', 'ours'] as const, ...others.flatMap(pairsWith), [GAUGE, GAUGE] as const];
  const pieceSizes = settings.pieceSizes ?? [64 * 1024, 1024 * 1024];
  const entries = pieceSizes.flatMap((pieceBytes) =>
    pairs.map(([seeder, leecher]): Entry => ({
      name: `${seeder} -> ${leecher}`,
      pieceBytes,
      run: async (folder) =>
        measureOnce({
          ...(await source.contest(pieceBytes)),
          seeder: PROGRAMS[seeder],
          leecher: PROGRAMS[leecher],
          leecherCount: 1,
          folder,
        }),
    })),
  );
  return { title: 'transfer: one seeder to one leecher', byteCount, copyCount: 2, entries };
}

/** libtorrent is measured with us too, to see which side of ours is slow; the others only among themselves. */
function pairsWith(name: ProgramName): readonly (readonly [ProgramName, ProgramName])[] {
  const alone = [name, name] as const;
  return name === 'libtorrent' ? [['ours', name], [name, 'ours'], alone] : [alone];
}
