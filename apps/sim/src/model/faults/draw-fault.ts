import type { SeededRandom } from '@p2p/swarm/testing';

import type { Fault } from './fault.js';
import { chance, draw, drawFrom, shuffled, skewed } from './lots.js';

export const FAULT_KINDS = [
  'kill',
  'leave',
  'pause',
  'partition',
  'swizzle',
  'slowDisk',
  'fullDisk',
  'failingReads',
  'corruptReads',
  'failingCall',
  'seedLeaves',
  'reset',
] as const satisfies readonly Fault['kind'][];

/** The world that a fault is drawn for. */
export interface FaultScope {
  readonly nodeCount: number;
  /** Faults begin before this. */
  readonly faultMs: number;
}

/** Draws one fault of a kind: whom, when, for how long. */
export function drawFault(random: SeededRandom, kind: Fault['kind'], { nodeCount, faultMs }: FaultScope): Fault {
  const at = draw(random, 0, faultMs);
  // Node 0 is the bootstrap and the first seeder: struck as often as any other.
  const node = random.below(nodeCount);
  const until = at + skewed(random, 100, 60_000);
  switch (kind) {
    case 'kill': {
      const restartAt = chance(random, 80) ? at + skewed(random, 1, 30_000) : undefined;
      return { kind, at, node, restartAt, keepsState: chance(random, 70) };
    }
    case 'leave':
      return { kind, at, node, restartAt: chance(random, 70) ? at + skewed(random, 1_000, 30_000) : undefined };
    case 'partition':
      return { kind, at, until, side: drawSide(random, nodeCount), isOneWay: chance(random, 30) };
    case 'swizzle':
      return { kind, at, clogs: drawClogs(random, nodeCount, at) };
    case 'slowDisk':
      return { kind, at, node, until, delayMs: drawFrom(random, [10, 100, 1_000, 5_000]) };
    case 'failingCall':
      return { kind, at, node, afterCalls: skewed(random, 0, 200) };
    case 'seedLeaves':
      return { kind, at, node: random.below(Math.min(2, nodeCount)) };
    case 'reset':
      return { kind, at, node };
    case 'corruptReads':
      // Never the bootstrap nor the first seeder: the core must hold a good copy.
      return { kind, at, node: Math.min(nodeCount, 2) + random.below(Math.max(1, nodeCount - 2)), until };
    case 'pause':
    case 'fullDisk':
    case 'failingReads':
      return { kind, at, node, until };
  }
}

/** Three shapes: each node by lot, a half of random choice, or one alone. */
function drawSide(random: SeededRandom, nodeCount: number): number[] {
  const all = Array.from({ length: nodeCount }, (_, node) => node);
  switch (random.below(3)) {
    case 0:
      return all.filter(() => chance(random, 50));
    case 1:
      return shuffled(random, all).slice(0, Math.floor(nodeCount / 2));
    default:
      return [random.below(nodeCount)];
  }
}

function drawClogs(
  random: SeededRandom,
  nodeCount: number,
  at: number,
): { node: number; from: number; until: number }[] {
  const all = Array.from({ length: nodeCount }, (_, node) => node);
  const subset = shuffled(random, all).slice(0, draw(random, 1, nodeCount));
  const stepMs = draw(random, 50, 3_000);
  const freeAt = at + (subset.length + draw(random, 0, 5)) * stepMs;
  const order = shuffled(random, subset);
  return subset.map((node, index) => ({
    node,
    from: at + index * stepMs,
    until: freeAt + order.indexOf(node) * stepMs,
  }));
}
