import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

import { numberField, OurNode, parseJsonObject } from '@p2p/interop';

import type { Figure, FigureCase } from '../bench-case.js';
import { requireCopy } from '../digests.js';
import { medianOf, type FigureSummary } from '../figures-report.js';
import { warmMemory } from '../memory-file-system.js';
import type { Place } from '../place.js';
import { hostNumber } from '../private-network.js';
import { LONGEST_RUN_MS } from '../programs/program.js';
import { scriptPath } from '../script-path.js';
import type { Settings } from '../settings.js';
import type { Source } from '../source.js';
import { atMost, type Verdict } from '../verdict.js';

const SIDES = ['seeder', 'leecher'] as const;

/** How long a node keeps everything else waiting while it moves data as fast as it can. */
export function loopCase(settings: Settings, place: Place): FigureCase {
  const source = place.source({ byteCount: settings.sizes?.[0] ?? 2 ** 30 }, 'memory', 'source');
  const pieceSizes = settings.pieceSizes ?? [65_536, 2 ** 20];
  return {
    kind: 'figures',
    title: 'loop: event-loop delay of both nodes at full speed',
    probes: pieceSizes.map((pieceBytes) => ({
      name: `ours, ${pieceBytes / 1024} KiB`,
      run: (folder) => measureDelays(source, pieceBytes, folder),
    })),
    judge: judgeLoop,
  };
}

/** Issue 3, "Done when", line 7. */
function judgeLoop(summaries: readonly FigureSummary[]): readonly Verdict[] {
  const names = [...new Set(summaries.map(({ who }) => who))];
  return names.flatMap((name) =>
    SIDES.map((side) => {
      const found = medianOf(summaries, `${side}: p99`, name);
      return atMost(`${name}: the ${side}'s p99 delay at most 20 ms`, found, 20);
    }),
  );
}

async function measureDelays(source: Source, pieceBytes: number, folder: string): Promise<readonly Figure[]> {
  const { job, digests } = await source.contest(pieceBytes);
  const [seeder, leecher] = [monitored(1, join(folder, 'seeder')), monitored(2, join(folder, 'leecher'))];
  try {
    const address = await seeder.node.seed(job.torrent, job.sourceFolder);
    warmMemory(folder, job.byteCount);
    await seeder.delays(); // its start is not what we ask for
    const copy = join(folder, 'copy');
    const startMs = performance.now();
    const { completed } = await leecher.node.fetch({ kind: 'torrent', torrent: job.torrent }, copy, [address]);
    await leecher.delays(); // nor is the other's
    await completed;
    const seconds = (performance.now() - startMs) / 1000;
    const figures = [...figuresOf('seeder', await seeder.delays()), ...figuresOf('leecher', await leecher.delays())];
    await requireCopy(join(copy, job.torrent.name), digests);
    return [...figures, { name: 'speed', unit: 'MB/s', value: job.byteCount / 1e6 / seconds }];
  } finally {
    await Promise.all([seeder.node.stop(), leecher.node.stop()]);
  }
}

function figuresOf(side: (typeof SIDES)[number], line: string): readonly Figure[] {
  const found = parseJsonObject(line) ?? {};
  return ['p50', 'p99', 'most'].map((name) => ({
    name: `${side}: ${name}`,
    unit: 'ms',
    value: numberField(found, name),
  }));
}

/** A node of ours with the preload, and how to ask it for the delays since it was last asked. */
function monitored(number: number, stateFolder: string): { node: OurNode; delays(): Promise<string> } {
  const path = `${stateFolder}.delays`;
  const preload = pathToFileURL(scriptPath('loop-delay-preload')).href;
  const environment = { NODE_OPTIONS: `--import=${preload}`, P2P_BENCH_LOOP_DELAY: path };
  const node = new OurNode({ host: hostNumber(number), stateFolder }, { timeoutMs: LONGEST_RUN_MS, environment });
  let asked = 0;
  return {
    node,
    async delays() {
      process.kill(node.process.pid, 'SIGUSR2');
      asked++;
      const deadline = performance.now() + LONGEST_RUN_MS;
      while (performance.now() < deadline && node.process.isRunning) {
        const lines = existsSync(path) ? readFileSync(path, 'latin1').trimEnd().split('\n') : [];
        const line = lines[asked - 1];
        if (line !== undefined) return line;
        await sleep(2);
      }
      throw new Error(`the node told no delays. It printed:\n${node.process.transcript}`);
    },
  };
}
