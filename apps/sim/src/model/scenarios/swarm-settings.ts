import {
  CHOKER_RULES,
  DEFAULT_SWARM_OPTIONS,
  SEED_CHOKER_RULES,
  type ChokerRule,
  type SeedChokerRule,
  type SwarmOptions,
} from '@p2p/swarm';

import type { ScenarioInput, Setting } from '../scenario.js';
import { HONEST, type Behaviour } from '../world/peer-plan.js';

/** Settings that scenarios of whole swarms have in common: options of every honest node. */
export const SWARM_SETTINGS = {
  choker: {
    value: DEFAULT_SWARM_OPTIONS.choker,
    meaning: 'the rule by which leechers choose whom they serve',
    among: CHOKER_RULES,
  },
  seedChoker: {
    value: DEFAULT_SWARM_OPTIONS.seedChoker,
    meaning: 'the rule of seeders',
    among: SEED_CHOKER_RULES,
  },
  uploadSlots: {
    value: DEFAULT_SWARM_OPTIONS.uploadSlots,
    meaning: 'peers that a node serves at a time',
    least: 1,
    most: 1_000,
    isWhole: true,
  },
} as const satisfies Record<string, Setting>;

/** An honest node with the options that `SWARM_SETTINGS` gave, and perhaps others. */
export function honestNode(input: ScenarioInput, more: Partial<SwarmOptions> = {}): Behaviour {
  return { ...HONEST, options: { ...chosenOptions(input), ...more } };
}

function chosenOptions(input: ScenarioInput): Partial<SwarmOptions> {
  return {
    choker: oneOf<ChokerRule>(CHOKER_RULES, input.text('choker')),
    seedChoker: oneOf<SeedChokerRule>(SEED_CHOKER_RULES, input.text('seedChoker')),
    uploadSlots: input.number('uploadSlots'),
  };
}

/** Settings were checked when they were read. */
function oneOf<T extends string>(known: readonly T[], text: string): T {
  const found = known.find((each) => each === text);
  if (found === undefined) throw new Error(`bug: expected one of ${known.join(', ')}, found ${text}`);
  return found;
}
