import type { BenchCase, Entry } from '../bench-case.js';
import { measureOnce } from '../one-run.js';
import type { Place } from '../place.js';
import { GAUGE, PROGRAMS } from '../programs/programs.js';
import type { ProgramName } from '../programs/program.js';
import type { EntrySummary } from '../report.js';
import type { Settings } from '../settings.js';
import { atMost, type Verdict } from '../verdict.js';
import { groupName } from './transfer.js';

const LEECHER_COUNT = 8;

/** One seeder to eight leechers, who are told its address only: how well they find and help each other. */
export function swarmCase(settings: Settings, place: Place): BenchCase {
  const byteCount = settings.sizes?.[0] ?? 256 * 2 ** 20;
  const source = place.source({ byteCount }, 'memory', 'source');
  const others = settings.against.filter((name) => PROGRAMS[name].canDial && name !== GAUGE);
  const names: readonly ProgramName[] = ['ours', ...others, GAUGE];
  const entries = (settings.pieceSizes ?? [256 * 1024]).flatMap((pieceBytes) =>
    names.map((name): Entry => ({
      name: `${name} 1 -> ${leecherCount(name)}`,
      group: groupName({ byteCount, pieceBytes, medium: 'memory' }),
      byteCount,
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
  return {
    kind: 'copies',
    title: `swarm: one seeder to ${LEECHER_COUNT} leechers`,
    memoryBytes: byteCount * (1 + LEECHER_COUNT),
    freshBytes: byteCount * LEECHER_COUNT,
    entries,
    judge: judgeSwarm,
  };
}

/** Issue 3, "Done when", line 3. */
export function judgeSwarm(summaries: readonly EntrySummary[]): readonly Verdict[] {
  const groups = [...new Set(summaries.map(({ group }) => group))];
  return groups.flatMap((group) =>
    judgeGroup(
      group,
      summaries.filter((one) => one.group === group),
    ),
  );
}

function judgeGroup(group: string, summaries: readonly EntrySummary[]): readonly Verdict[] {
  const others = summaries.filter(({ name }) => !name.startsWith('ours') && !name.startsWith(GAUGE));
  const ours = summaries.find(({ name }) => name.startsWith('ours'));
  const slowness = others.map((other) => other.oursToThis.median);
  return [
    atMost(`${group}: the last of eight done in at most 0.9 x the fastest other client`, Math.max(...slowness), 0.9),
    atMost(`${group}: the seeder uploads at most 1.5 copies`, ours?.uploadedCopies.median, 1.5),
  ];
}

/** The bare loop has no peers to find: it only tells how quiet the machine is. */
function leecherCount(name: ProgramName): number {
  return name === GAUGE ? 1 : LEECHER_COUNT;
}
