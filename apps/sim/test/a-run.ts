import type { NodeEvent } from '../src/run/node-event.js';
import { planNodes } from '../src/run/node-plan.js';
import type { NodePlan } from '../src/run/node-plan.js';
import { NodeRecord } from '../src/run/node-record.js';

/** The plan of one node of a run with one seeder. */
export function planOf(nodeIndex: number): NodePlan {
  const plan = plansOf(nodeIndex + 2)[nodeIndex];
  if (!plan) throw new Error('a plan for every node');
  return plan;
}

/** The records of a run with one seeder, none started yet. */
export function recordsOf(nodeCount: number): NodeRecord[] {
  return plansOf(nodeCount).map((plan) => new NodeRecord(plan));
}

export function listening(host: string, port: number): NodeEvent {
  return { event: 'listening', host, port };
}

export function progress(bytes: number): NodeEvent & { event: 'progress' } {
  return { event: 'progress', bytes, total: 1000, downRate: 0, upRate: 0, peers: 0 };
}

function plansOf(nodeCount: number): NodePlan[] {
  return planNodes({ nodeCount, seederCount: 1 }, { originalPath: '/w/original.bin', folder: '/w' }, 'linux');
}
