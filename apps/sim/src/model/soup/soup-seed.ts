import { describeFault } from '../faults/fault.js';
import { drawPlan } from './draw-plan.js';
import { runSoup, type SoupOutcome } from './run-soup.js';
import { shrinkPlan } from './shrink-plan.js';
import type { SoupPlan } from './soup-plan.js';

/** A plan that fails, as small as it was made. A line of `test/soup-regressions.jsonl`. */
export interface FailingPlan {
  readonly seed: number;
  readonly violations: readonly string[];
  readonly plan: SoupPlan;
}

/** Runs the plan of a seed, and shrinks it if it fails. */
export function runSoupSeed(seed: number): { readonly outcome: SoupOutcome; readonly failing?: FailingPlan } {
  const plan = drawPlan(seed);
  const outcome = runSoup(plan);
  if (outcome.violations.length === 0) return { outcome };
  const rule = ruleOf(outcome);
  // A plan that fails by another rule is another failure.
  const smallest = shrinkPlan(plan, (candidate) => ruleOf(runSoup(candidate)) === rule, MAX_SHRINK_RUNS);
  return { outcome, failing: { seed, violations: runSoup(smallest).violations, plan: smallest } };
}

/** What a person reads of a failing seed. */
export function describeFailing({ seed, violations, plan }: FailingPlan): string {
  const lines = [
    `seed ${seed} fails: ${violations[0] ?? ''}`,
    `  with ${plan.nodes.length} nodes, ${plan.pieces} pieces in ${plan.payload}, healed at ${plan.healAt} ms, and ${plan.faults.length} faults`,
    ...plan.faults.map((fault) => `    ${describeFault(fault)}`),
    `  again: p2p-sim soup --seeds ${seed}`,
  ];
  return lines.join('\n');
}

function ruleOf({ violations }: SoupOutcome): string | undefined {
  return violations[0]?.split(' ')[0];
}

const MAX_SHRINK_RUNS = 100;
