import type { BenchCase, Entry } from '../bench-case.js';
import { measureOnce } from '../one-run.js';
import type { Place } from '../place.js';
import { GAUGE, PROGRAMS } from '../programs/programs.js';
import type { ProgramName } from '../programs/program.js';
import type { Medium, Settings } from '../settings.js';
import { judgeTransfer } from './judge-transfer.js';

/** One seeder to one leecher: how fast a single connection is, and what it costs. */
export function transferCase(settings: Settings, place: Place): BenchCase {
  const sizes = settings.sizes ?? [2 ** 30];
  const pieceSizes = settings.pieceSizes ?? [64 * 1024, 1024 * 1024];
  const entries = settings.media.flatMap((medium) =>
    sizes.flatMap((byteCount) => {
      const source = place.source({ byteCount }, medium, `source-${byteCount}`);
      return pieceSizes.flatMap((pieceBytes) =>
        pairs(settings.against).map(([seeder, leecher]): Entry => ({
          name: `${seeder} -> ${leecher}`,
          group: groupName({ byteCount, pieceBytes, medium }),
          byteCount,
          run: async (folder) =>
            measureOnce({
              ...(await source.contest(pieceBytes)),
              seeder: PROGRAMS[seeder],
              leecher: PROGRAMS[leecher],
              leecherCount: 1,
              folder,
              ...(medium === 'disk' ? { copyFolder: place.folder('disk', 'run') } : {}),
            }),
        })),
      );
    }),
  );
  const inMemory = settings.media.includes('memory') ? sizes : [];
  return {
    kind: 'copies',
    title: 'transfer: one seeder to one leecher',
    memoryBytes: sum(inMemory) + Math.max(...sizes),
    freshBytes: Math.max(...sizes),
    entries,
    judge: judgeTransfer,
  };
}

/** How a group of entries is called: its piece size, and what else sets it apart. */
export function groupName(group: { byteCount: number; pieceBytes: number; medium: Medium }): string {
  const { byteCount, pieceBytes, medium } = group;
  const size = byteCount % 2 ** 30 === 0 ? `${byteCount / 2 ** 30} GiB` : `${byteCount / 2 ** 20} MiB`;
  return `${size}, ${pieceBytes / 1024} KiB, ${medium}`;
}

/** libtorrent is measured with us too, to see which side of ours is slow; the others only among themselves. */
function pairs(against: readonly ProgramName[]): readonly (readonly [ProgramName, ProgramName])[] {
  const others = against.filter((name) => name !== GAUGE).flatMap(pairsWith);
  return [['ours', 'ours'], ...others, [GAUGE, GAUGE]];
}

function pairsWith(name: ProgramName): readonly (readonly [ProgramName, ProgramName])[] {
  const alone = [name, name] as const;
  return name === 'libtorrent' ? [['ours', name], [name, 'ours'], alone] : [alone];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
