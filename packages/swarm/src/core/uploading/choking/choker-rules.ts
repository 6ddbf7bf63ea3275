import type { Random } from '../../random.js';
import { AntiLeech } from './anti-leech.js';
import type { ChokerPolicy } from './choker-policy.js';
import { Cooperative } from './cooperative.js';
import { ProportionalShare } from './proportional-share.js';
import { RateBased } from './rate-based.js';
import { RoundRobin } from './round-robin.js';

/** Rules for a node that still needs something. */
export const CHOKER_RULES = ['rate-based', 'round-robin', 'proportional-share', 'anti-leech', 'cooperative'] as const;
/** Rules for a seeder, whom nobody can pay. */
export const SEED_CHOKER_RULES = ['round-robin', 'anti-leech', 'cooperative'] as const;

export type ChokerRule = (typeof CHOKER_RULES)[number];
export type SeedChokerRule = (typeof SEED_CHOKER_RULES)[number];

export function policyOf(rule: ChokerRule, random: Random, optimisticMs: number): ChokerPolicy {
  switch (rule) {
    case 'rate-based':
      return new RateBased(random, optimisticMs);
    case 'round-robin':
      return new RoundRobin();
    case 'proportional-share':
      return new ProportionalShare();
    case 'anti-leech':
      return new AntiLeech();
    case 'cooperative':
      return new Cooperative();
  }
}
