import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';

import type { Measurement } from './bench-case.js';
import { requireCopy, type Digests } from './digests.js';
import { hostNumber } from './private-network.js';
import { ProcessMeter, type ProcessCost } from './process-meter.js';
import type { Job, Leeching, Program, Site } from './programs/program.js';

/** Who copies what to how many. */
export interface Contest {
  readonly job: Job;
  /** SHA-1 of every file by its path in the content, which every copy must have. */
  readonly digests: Digests;
  readonly seeder: Program;
  readonly leecher: Program;
  readonly leecherCount: number;
  /** Empty; for settings, and for copies unless told. */
  readonly folder: string;
  /** Where the copies go instead; emptied afterwards, and what was not yet written out is. */
  readonly copyFolder?: string;
}

/**
 * Lets one seeder serve its leechers, all of whom know only its address, and checks every copy afterwards.
 *
 * @throws {Error} when a program fails, or a copy is wrong
 */
export async function measureOnce(contest: Contest): Promise<Measurement> {
  const { job, folder } = contest;
  const running: { stop(): Promise<void> }[] = [];
  const meters: ProcessMeter[] = [];
  const meter = (pid: number, from: 'start' | 'now'): ProcessMeter => {
    const created = new ProcessMeter(pid, from);
    meters.push(created);
    return created;
  };
  try {
    const seeder = await contest.seeder.seed(job, site(folder, 0));
    running.push(seeder);
    const seederMeter = meter(seeder.pid, 'now');
    const copies = Array.from({ length: contest.leecherCount }, (_, index) =>
      join(contest.copyFolder ?? folder, `copy-${index}`),
    );
    const startMs = performance.now();
    const leeching = await Promise.all(
      copies.map((copy, index) => contest.leecher.leech(job, site(folder, index + 1), copy, seeder.address)),
    );
    running.push(...leeching);
    const done = await Promise.all(leeching.map((leecher) => finishOne(leecher, meter(leecher.pid, 'start'), startMs)));
    const seconds = done.map((one) => one.seconds);
    const measurement = {
      wallSeconds: Math.max(...seconds),
      firstDoneSeconds: Math.min(...seconds),
      seeder: seederMeter.finish(),
      leechers: together(done.map((one) => one.cost)),
    };
    for (const copy of copies) await requireCopy(join(copy, job.torrent.name), contest.digests);
    return measurement;
  } finally {
    for (const each of meters) each.cancel();
    await Promise.all(running.map((each) => each.stop()));
    if (contest.copyFolder !== undefined) clearDisk(contest.copyFolder);
  }
}

async function finishOne(
  leecher: Leeching,
  meter: ProcessMeter,
  startMs: number,
): Promise<{ seconds: number; cost: ProcessCost }> {
  await leecher.completed;
  const seconds = (performance.now() - startMs) / 1000;
  return { seconds, cost: meter.finish() };
}

/** What one run left to be written out must not slow down the next. */
function clearDisk(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  execFileSync('sync');
}

function together(costs: readonly ProcessCost[]): ProcessCost {
  return {
    userSeconds: costs.reduce((sum, cost) => sum + cost.userSeconds, 0),
    systemSeconds: costs.reduce((sum, cost) => sum + cost.systemSeconds, 0),
    writtenBytes: costs.reduce((sum, cost) => sum + cost.writtenBytes, 0),
    peakResidentBytes: Math.max(...costs.map((cost) => cost.peakResidentBytes)),
    peakPrivateBytes: Math.max(...costs.map((cost) => cost.peakPrivateBytes)),
  };
}

function site(folder: string, index: number): Site {
  return { host: hostNumber(index + 1), stateFolder: join(folder, `state-${index}`) };
}
