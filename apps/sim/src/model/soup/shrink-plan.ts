import { faultEnd, type Fault } from '../faults/fault.js';
import type { SoupPlan } from './soup-plan.js';

/**
 * Makes a failing plan smaller while it goes on failing: fewer faults, fewer nodes, less content, an earlier heal.
 *
 * Each step is tried, and kept if the plan still fails; again from the beginning until nothing can be left out. Bounded by
 * `maxRuns`, for a plan may be slow.
 */
export function shrinkPlan(plan: SoupPlan, fails: (plan: SoupPlan) => boolean, maxRuns = 200): SoupPlan {
  let smallest = plan;
  let runs = 0;
  for (let next = firstFailing(smallest); next !== undefined; next = firstFailing(smallest)) smallest = next;
  return smallest;

  function firstFailing(from: SoupPlan): SoupPlan | undefined {
    for (const candidate of smaller(from)) {
      if (++runs > maxRuns) return undefined;
      if (fails(candidate)) return candidate;
    }
    return undefined;
  }
}

/** Plans that are a step smaller, the largest steps first. */
function* smaller(plan: SoupPlan): Generator<SoupPlan> {
  const { faults, nodes, pieces, healAt } = plan;
  for (let size = faults.length; size >= 1; size = Math.floor(size / 2)) {
    for (let start = 0; start < faults.length; start += size) yield { ...plan, faults: without(faults, start, size) };
  }
  // Nodes leave from the end, so that the others keep their numbers; two must stay.
  for (
    let count = Math.max(2, Math.ceil(nodes.length / 2));
    count < nodes.length;
    count += Math.ceil((nodes.length - count) / 2)
  ) {
    yield firstNodes(plan, count);
  }
  if (pieces > 1) yield { ...plan, pieces: Math.ceil(pieces / 2) };
  const end = Math.max(1_000, ...faults.map(faultEnd));
  if (end < healAt) yield { ...plan, healAt: end };
}

function firstNodes(plan: SoupPlan, count: number): SoupPlan {
  const isThere = (node: number) => node < count;
  return {
    ...plan,
    nodes: plan.nodes.slice(0, count),
    core: plan.core.filter(isThere),
    faults: plan.faults.flatMap((fault): Fault[] => {
      if ('node' in fault) return isThere(fault.node) ? [fault] : [];
      if (fault.kind === 'partition') return [{ ...fault, side: fault.side.filter(isThere) }];
      return [{ ...fault, clogs: fault.clogs.filter(({ node }) => isThere(node)) }];
    }),
  };
}

function without<T>(list: readonly T[], start: number, size: number): T[] {
  return [...list.slice(0, start), ...list.slice(start + size)];
}
