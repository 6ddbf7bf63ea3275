import { mkdir } from 'node:fs/promises';
import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { SimError } from '../sim-error.js';
import type { CleanUp } from './clean-up.js';
import { Cluster } from './cluster.js';
import { makeContent } from './content-maker.js';
import type { Display } from './display.js';
import { planNodes } from './node-plan.js';
import type { NodeProgram } from './node-process.js';
import { buildResult } from './result.js';
import type { RunResult } from './result.js';
import type { RunOptions } from './run-options.js';
import { verifyCopies } from './verify-copies.js';
import { makeWorkFolder, makeWorkFolderIn, removeWorkFolder } from './work-folder.js';
import type { WorkFolder } from './work-folder.js';

/** What a run needs from the program around it. */
export interface RunPorts {
  readonly program: NodeProgram;
  readonly display: Display;
  /** Aborted, with a `SimError` as its reason, when a person wants the run to end. */
  readonly interrupted: AbortSignal;
  /** Told what must not be left behind if the process has to end at once. */
  readonly cleanUp: CleanUp;
  readonly platform: string;
  /** Seconds of a monotonic clock. */
  readonly seconds: () => number;
}

/** What came of a run: figures, and in words what went wrong. No problem means every copy is there and right. */
export interface RunOutcome {
  readonly result: RunResult;
  readonly problems: readonly string[];
  /** Where the copies are, if they were kept. */
  readonly keptFolder: string | undefined;
}

/**
 * Shares a file among real node processes, verifies every copy, and takes everything away again.
 *
 * No process and no file is left when the promise settles, whichever way it does; only `keepsFiles` leaves the folder.
 *
 * @throws {SimError} `interrupted`, or `no-room`; whatever goes wrong among the nodes is in the outcome instead
 */
export async function runSwarm(ports: RunPorts, options: RunOptions): Promise<RunOutcome> {
  const folder = await makeFolder(options);
  const forget = options.keepsFiles
    ? () => undefined
    : ports.cleanUp.add(() => rmSync(folder.path, { recursive: true, force: true }));
  try {
    const where = folder.isInMemory ? 'in memory, so that no disk is measured' : 'on disk';
    ports.display.note(`Files are in ${folder.path} (${where}).`);
    const outcome = await runInFolder(ports, options, folder);
    return { ...outcome, keptFolder: options.keepsFiles ? folder.path : undefined };
  } finally {
    if (!options.keepsFiles) await removeWorkFolder(folder);
    forget();
  }
}

async function runInFolder(
  ports: RunPorts,
  options: RunOptions,
  folder: WorkFolder,
): Promise<Omit<RunOutcome, 'keptFolder'>> {
  const { interrupted, display, program, seconds } = ports;
  const originalPath = join(folder.path, 'original.bin');
  const sha1 = await makeContent(originalPath, options, interrupted);
  const plans = planNodes(options, { originalPath, folder: folder.path }, ports.platform);
  await Promise.all(plans.map(({ stateFolder }) => mkdir(stateFolder)));

  const orphanFolder = options.keepsFiles ? undefined : folder.path;
  const warn = (text: string): void => display.note(`warning: ${text}`);
  const cluster = new Cluster({ program, seconds, warn, orphanFolder }, options, plans);
  const { wallSeconds, failure } = await followCluster(cluster, ports, options);

  const complete = cluster.leechers.filter(({ phase }) => phase.kind === 'complete');
  const copies = complete.map(({ plan }) => ({ name: plan.name, path: plan.path }));
  const original = { lengthBytes: options.lengthBytes, sha1 };
  const mismatches = await verifyCopies(copies, original, interrupted);
  const result = buildResult(options, cluster, {
    wallSeconds,
    verifiedCount: copies.length - mismatches.length,
  });
  const misreports = complete.flatMap(({ plan, phase }) =>
    phase.kind === 'complete' && phase.sha1 !== undefined && phase.sha1 !== sha1
      ? [`${plan.name} reported SHA-1 ${phase.sha1}, but the file's is ${sha1}`]
      : [],
  );
  const problems = [
    ...(failure ? [failure.message] : []),
    ...mismatches.map(({ name, detail }) => `the copy of ${name} differs: ${detail}`),
    ...misreports,
  ];
  return { result, problems };
}

/** Runs the nodes from start to end and shows them; every process is gone when this returns or throws. */
async function followCluster(
  cluster: Cluster,
  { interrupted, display, cleanUp, seconds }: RunPorts,
  options: RunOptions,
): Promise<{ wallSeconds: number; failure: SimError | undefined }> {
  const startedAt = seconds();
  const view = () => ({
    elapsedSeconds: seconds() - startedAt,
    lengthBytes: options.lengthBytes,
    records: cluster.records,
  });
  const forget = cleanUp.add(() => cluster.kill());
  const drawing = setInterval(() => display.show(view()), REDRAW_INTERVAL_MS);
  const watching = setInterval(() => {
    cluster.checkProgress();
    void cluster.readUsage();
  }, WATCH_INTERVAL_MS);
  try {
    const failure = await cluster.run(interrupted).then(() => undefined, asFailure);
    const last = view();
    clearInterval(drawing);
    // All nodes still run: what the kernel says of them now covers the whole download and none of the farewell.
    await cluster.readUsage();
    display.finish(last);
    return { wallSeconds: last.elapsedSeconds, failure };
  } finally {
    clearInterval(drawing);
    clearInterval(watching);
    await cluster.stop();
    forget();
  }
}

/** A failure among the nodes still has a result; an interruption, or a mistake of ours, has none. */
function asFailure(error: unknown): SimError {
  if (error instanceof SimError && error.code !== 'interrupted') return error;
  throw error;
}

async function makeFolder(options: RunOptions): Promise<WorkFolder> {
  if (options.workFolder !== undefined) return makeWorkFolderIn(options.workFolder);
  const copies = options.nodeCount - options.seederCount + 1;
  return makeWorkFolder({
    fileBytes: options.lengthBytes * copies,
    memoryBytes: options.nodeCount * MEMORY_OF_A_NODE_BYTES,
  });
}

const REDRAW_INTERVAL_MS = 100;
const WATCH_INTERVAL_MS = 1_000;
/** What a node may hold resident under load. */
const MEMORY_OF_A_NODE_BYTES = 150_000_000;
