import type { Payload } from '@p2p/swarm';

import { formatViolation } from '../checkers/checkers.js';
import type { Sometimes } from '../checkers/sometimes.js';
import { BYTE_TRUTH, REFERENCE_TRUTH, type PayloadTruth } from './payload-truth.js';
import type { PlantedBug, SoupNode } from './soup-node.js';
import { type SoupPlan, uplinkOf } from './soup-plan.js';
import { SoupWorld } from './soup-world.js';

/** What came of one plan. */
export interface SoupOutcome {
  readonly seed: number;
  /** What the checkers, or an assertion of the code itself, found wrong. */
  readonly violations: readonly string[];
  readonly sometimes: Readonly<Record<Sometimes, number>>;
  /** From the heal to the convergence of the core, in seconds of virtual time. */
  readonly convergedSeconds: number | undefined;
  readonly virtualSeconds: number;
  readonly events: number;
  readonly traceHash: string;
}

/**
 * Runs a plan: faults first, with every safety invariant watched; then a core is healed, everybody else is frozen, and the
 * core must converge in time.
 */
export function runSoup(plan: SoupPlan): SoupOutcome {
  return plan.payload === 'refs' ? runSoupIn(plan, REFERENCE_TRUTH) : runSoupIn(plan, BYTE_TRUTH);
}

/** As `runSoup`, in a payload mode of choice, and with a bug. */
export function runSoupIn<P extends Payload>(
  plan: SoupPlan,
  truth: PayloadTruth<P>,
  planted: PlantedBug<P> = {},
): SoupOutcome {
  const world = new SoupWorld(plan, truth, planted);
  const violations: string[] = [];
  let convergedSeconds: number | undefined;
  try {
    world.run(plan.healAt, () => false);
    convergedSeconds = converge(world);
  } catch (error) {
    // Whatever is thrown in a node is a bug of ours: an assertion, or something nobody thought of.
    violations.push(`thrown at ${(world.clock.now() / 1_000).toFixed(3)} s: ${describe(error)}`);
  }
  return {
    seed: plan.seed,
    violations: [...violations, ...world.checkers.violations.map(formatViolation)],
    sometimes: world.sometimes.counts,
    convergedSeconds,
    virtualSeconds: world.clock.now() / 1_000,
    events: world.steps,
    traceHash: world.trace.digest(),
  };
}

/** The second phase. Returns how long the core took, in seconds, or undefined. */
function converge<P extends Payload>(world: SoupWorld<P>): number | undefined {
  const core = chooseCore(world);
  heal(world, core);
  const healedAt = world.clock.now();
  const deadline = healedAt + SETTLING_MS + LIVENESS_FACTOR * boundMs(world, core);
  world.take({ kind: 'healed', at: healedAt, core: new Set(core.map(({ index }) => index)), deadline });
  const hasConverged = world.run(deadline, () => core.every((node) => node.isComplete));
  const convergedAt = world.clock.now();
  // What was asked for at the end is still to be answered; behind a slow upload limit it waits its turn for long.
  const servedAt = () => Math.max(convergedAt, world.checkers.view.lastPieceAt);
  world.run(convergedAt + LONGEST_QUEUE_MS, () => world.clock.now() - servedAt() >= CALM_MS);
  world.take({ kind: 'ended', at: world.clock.now() });
  return hasConverged ? (convergedAt - healedAt) / 1_000 : undefined;
}

/** The honest nodes of the plan's core, and holders of what they all lack: faults must be repairable. */
function chooseCore<P extends Payload>({ nodes, plan, content }: SoupWorld<P>): SoupNode<P>[] {
  const wanted = new Set([0, ...plan.core]);
  const core = nodes.filter((node) => node.isHonest && wanted.has(node.index));
  const held = new Set(core.flatMap((node) => node.disk.stored()));
  for (const node of nodes) {
    if (held.size === content.metainfo.layout.pieceCount) break;
    const news = node.disk.stored().filter((piece) => !held.has(piece));
    if (!node.isHonest || core.includes(node) || news.length === 0) continue;
    core.push(node);
    for (const piece of news) held.add(piece);
  }
  return core;
}

function heal<P extends Payload>(world: SoupWorld<P>, core: readonly SoupNode<P>[]): void {
  world.injector.end();
  world.cuts.clear();
  const others = world.nodes.filter((node) => !core.includes(node));
  const frozen = new Set(others.map(({ address }) => address.host));
  for (const node of others) node.freeze();
  if (frozen.size > 0) world.cuts.add((_from, to) => frozen.has(to));
  for (const node of core) {
    const { faults } = node.disk;
    Object.assign(faults, { delayMs: node.plan.diskDelayMs, isFull: false, failsReads: false, corruptsReads: false });
    faults.failsAfterCalls = undefined;
    node.thaw();
    node.start();
  }
}

/** The fluid bound of the core, as if nobody had anything but its seeders (simulation.md, B.1). */
function boundMs<P extends Payload>({ content }: SoupWorld<P>, core: readonly SoupNode<P>[]): number {
  const { totalBytes } = content.metainfo.layout;
  const leechers = core.filter((node) => !node.isComplete);
  if (leechers.length === 0) return 0;
  const sum = (nodes: readonly SoupNode<P>[]) => nodes.reduce((total, { plan }) => total + uplinkOf(plan), 0);
  const slowestDown = Math.min(...leechers.map(({ plan }) => plan.downBytesPerSecond));
  const holders = core.filter((node) => node.disk.stored().length > 0);
  const seconds = Math.max(
    totalBytes / slowestDown,
    totalBytes / Math.max(1, Math.min(...holders.map(({ plan }) => uplinkOf(plan)))),
    (leechers.length * totalBytes) / sum(core),
  );
  return seconds * 1_000;
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message).split('\n').slice(0, 4).join(' | ') : String(error);
}

/** simulation.md, S21. */
const LIVENESS_FACTOR = 5;
/** A dead connection is noticed after 130 s, and a disk is tried again after 60 s: the core may need both before it can begin. */
const SETTLING_MS = 300_000;
const CALM_MS = 30_000;
const LONGEST_QUEUE_MS = 600_000;
