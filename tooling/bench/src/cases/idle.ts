import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { numberField, OurNode } from '@p2p/interop';

import type { Figure, FigureCase } from '../bench-case.js';
import { ChildScript } from '../child-script.js';
import { medianOf, type FigureSummary } from '../figures-report.js';
import type { Place } from '../place.js';
import { hostNumber } from '../private-network.js';
import { memoryOf, ProcessMeter } from '../process-meter.js';
import { LONGEST_RUN_MS } from '../programs/program.js';
import type { Settings } from '../settings.js';
import type { Source } from '../source.js';
import { atMost, type Verdict } from '../verdict.js';

const PEER_COUNT = 2000;
/** A node lets links go, a few every five minutes, when more than 0.54 of this are taken. */
const MAX_PEERS = 2 * PEER_COUNT;
const BYTE_COUNT = 256 * 2 ** 20;
const PIECE_BYTES = 256 * 1024;
/** After its start, and after the last connection, until what that left behind is freed and nothing more is to be said. */
const SETTLE_MS = 3000;
const WATCH_MS = 30_000;

const RESIDENT = 'resident for each';
const CPU = 'CPU';

/** What connections cost that carry nothing, over real TCP. */
export function idleCase(settings: Settings, place: Place): FigureCase {
  const source = place.source({ byteCount: settings.sizes?.[0] ?? BYTE_COUNT }, 'memory', 'source');
  const probes = [
    { name: 'ours', isInterested: false },
    { name: 'ours, all interested', isInterested: true },
  ];
  return {
    kind: 'figures',
    title: `idle: a seeder with ${PEER_COUNT} connections, for ${WATCH_MS / 1000} s`,
    probes: probes.map(({ name, isInterested }) => ({
      name,
      run: (folder) => measureIdle(source, isInterested, folder),
    })),
    judge: judgeIdle,
  };
}

/** Issue 3, case 8: so that thousands of peers cost what a program may cost that nobody looks at. */
function judgeIdle(summaries: readonly FigureSummary[]): readonly Verdict[] {
  return [...new Set(summaries.map(({ who }) => who))].flatMap((who) => [
    atMost(`${who}: at most 16 KiB for each connection`, medianOf(summaries, RESIDENT, who), 16),
    atMost(`${who}: at most 5 % of a core for ${PEER_COUNT} connections`, medianOf(summaries, CPU, who), 5),
  ]);
}

async function measureIdle(source: Source, isInterested: boolean, folder: string): Promise<readonly Figure[]> {
  const { job } = await source.contest(PIECE_BYTES);
  const options = { timeoutMs: LONGEST_RUN_MS, extraArgs: ['--max-peers', String(MAX_PEERS)] };
  const node = new OurNode({ host: hostNumber(1), stateFolder: join(folder, 'seeder') }, options);
  let peers: ChildScript | undefined;
  try {
    const { host, port } = await node.seed(job.torrent, job.sourceFolder);
    const { pid } = node.process;
    await sleep(SETTLE_MS);
    const before = memoryOf(pid);
    const connecting = new ProcessMeter(pid, 'now');
    peers = await ChildScript.start('idle-peers', [host, port, job.torrent.path, PEER_COUNT, isInterested]);
    await sleep(SETTLE_MS);
    const { userSeconds, systemSeconds } = connecting.finish();
    const watching = new ProcessMeter(pid, 'now');
    const startMs = performance.now();
    await sleep(WATCH_MS);
    const idle = watching.finish();
    const cpuShare = (idle.userSeconds + idle.systemSeconds) / ((performance.now() - startMs) / 1000);
    const after = memoryOf(pid);
    const open = numberField({ ...(await peers.ask()) }, 'open');
    if (open !== PEER_COUNT) throw new Error(`idle: only ${open} of ${PEER_COUNT} connections are left`);
    const each = (a: number, b: number): number => (a - b) / 1024 / PEER_COUNT;
    return [
      { name: RESIDENT, unit: 'KiB', value: each(after.residentBytes, before.residentBytes) },
      { name: 'private for each', unit: 'KiB', value: each(after.privateBytes, before.privateBytes) },
      { name: CPU, unit: '% of a core', value: 100 * cpuShare },
      { name: 'CPU to take one up', unit: 'ms', value: (1000 * (userSeconds + systemSeconds)) / PEER_COUNT },
    ];
  } finally {
    peers?.stop();
    await node.stop();
  }
}
