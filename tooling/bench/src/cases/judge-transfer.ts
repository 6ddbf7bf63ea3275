import type { EntrySummary } from '../report.js';
import { atLeast, atMost, type Verdict } from '../verdict.js';

const OURS = 'ours -> ours';
const GAUGE = 'node-loop -> node-loop';
const MIB = 2 ** 20;

/** Issue 3, "Done when", lines 1 and 2. */
export function judgeTransfer(summaries: readonly EntrySummary[]): readonly Verdict[] {
  const groups = [...new Set(summaries.map(({ group }) => group))];
  return [
    ...groups.flatMap((group) =>
      judgeGroup(
        group,
        summaries.filter((one) => one.group === group),
      ),
    ),
    ...flat(summaries),
  ];
}

function judgeGroup(group: string, summaries: readonly EntrySummary[]): readonly Verdict[] {
  const ours = summaries.find(({ name }) => name === OURS);
  const others = summaries.filter(({ name }) => !name.includes('ours') && name !== GAUGE);
  const isOnDisk = group.endsWith('disk');
  const speedups = others.map((other) => 1 / other.oursToThis.median);
  const fastest = isOnDisk ? 1.1 : 1.3;
  const verdicts = [
    atLeast(`${group}: at least ${fastest} x the fastest other client`, Math.min(...speedups), fastest),
    ...(isOnDisk ? [] : [againstTheLoop(group, summaries)]),
  ];
  if (ours !== undefined && !isOnDisk) {
    const shares = others.map((other) => cpuSeconds(ours) / cpuSeconds(other));
    verdicts.push(
      atMost(`${group}: CPU seconds at most 0.9 x the thriftiest other client`, Math.max(...shares), 0.9),
      atMost(`${group}: private memory at most 120 MiB a process`, privateBytes(ours) / MIB, 120),
    );
  }
  return [...verdicts, ...mixedPairs(group, summaries)];
}

function againstTheLoop(group: string, summaries: readonly EntrySummary[]): Verdict {
  const loop = summaries.find(({ name }) => name === GAUGE);
  const share = group.includes(' 64 KiB') ? 0.7 : 0.8;
  return atLeast(`${group}: at least ${share} of the bare loop`, loop && 1 / loop.oursToThis.median, share);
}

function mixedPairs(group: string, summaries: readonly EntrySummary[]): readonly Verdict[] {
  const alone = summaries.find(({ name }) => name === 'libtorrent -> libtorrent');
  if (alone === undefined) return [];
  return ['ours -> libtorrent', 'libtorrent -> ours'].map((name) => {
    const mixed = summaries.find((one) => one.name === name);
    // Both are ratios of our time in the same rounds.
    const speedup = mixed && mixed.oursToThis.median / alone.oursToThis.median;
    return atLeast(`${group}: ${name} at least as fast as libtorrent with itself`, speedup, 1);
  });
}

/** Memory may not grow with the content. */
function flat(summaries: readonly EntrySummary[]): readonly Verdict[] {
  const ours = summaries.filter(({ name }) => name === OURS);
  const kinds = [...new Set(ours.map(({ group }) => kindOf(group)))];
  return kinds.flatMap((kind) => {
    const sizes = ours.filter(({ group }) => kindOf(group) === kind).sort((a, b) => a.byteCount - b.byteCount);
    const [small, large] = [sizes[0], sizes.at(-1)];
    if (small === undefined || large === undefined || small.byteCount === large.byteCount) return [];
    const growth = privateBytes(large) / privateBytes(small);
    return [atMost(`private memory of "${large.group}" at most 1.1 x that of "${small.group}"`, growth, 1.1)];
  });
}

/** A group's name without its first part, the size. */
function kindOf(group: string): string {
  return group.slice(group.indexOf(','));
}

function cpuSeconds({ seeder, leechers }: EntrySummary): number {
  return [seeder, leechers].reduce((sum, cost) => sum + cost.userSeconds + cost.systemSeconds, 0);
}

function privateBytes({ seeder, leechers }: EntrySummary): number {
  return Math.max(seeder.peakPrivateBytes, leechers.peakPrivateBytes);
}
