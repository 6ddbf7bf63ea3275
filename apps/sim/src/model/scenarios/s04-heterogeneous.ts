import type { Payload } from '@p2p/swarm';

import { access } from '../links/presets.js';
import { check, type Scenario } from '../scenario.js';
import type { World } from '../world/world.js';
import { crowd, crowdBound, fileBytes, isAmong, patience } from './flash-crowd-plan.js';
import { SWARM_SETTINGS } from './swarm-settings.js';

/** S04: links of three classes. The fast ones could be done early, and carry most of the swarm. */
export const HETEROGENEOUS: Scenario = {
  id: 'S04',
  title: 'heterogeneous: 10 % of 100/100, 40 % of 20/100, 50 % of 5/50 Mbit/s up/down; the seeder sends 20 Mbit/s',
  defaults: { peers: 1_000, pieces: 256, pieceBytes: 262_144 },
  settings: SWARM_SETTINGS,
  plan(input) {
    const peers = crowd(input, SEEDER, (index) => ({ link: classOf(index) }));
    const bound = crowdBound(input, peers);
    const fastBound = fileBytes(input) / Math.min(SEEDER.upBytesPerSecond, FAST.downBytesPerSecond);
    let fastest = (): readonly number[] => [];
    return {
      peers,
      limitSeconds: patience(bound),
      bound: () => bound,
      script: (world) => {
        fastest = () => completionsOfFast(world);
      },
      checks: ({ ratio, incomplete }) => [
        check('maximum over the bound', 'atMost', 1.1, ratio.max),
        check('last of the fast class over its own bound', 'atMost', 1.15, Math.max(0, ...fastest()) / fastBound),
        check('peers that did not finish', 'atMost', 0, incomplete),
      ],
    };
  },
};

function classOf(index: number): typeof FAST {
  if (isAmong(index, 0.1)) return FAST;
  return isAmong(index, 0.5) ? MEDIUM : SLOW;
}

function completionsOfFast<P extends Payload>(world: World<P>): number[] {
  return world.peers
    .filter(({ plan, isSeeder }) => !isSeeder && plan.link === FAST)
    .map(({ completedAtSeconds }) => completedAtSeconds ?? Infinity);
}

const SEEDER = access({ downMbits: 100, upMbits: 20, latencyMs: 5 });
const FAST = access({ downMbits: 100, upMbits: 100, latencyMs: 5 });
const MEDIUM = access({ downMbits: 100, upMbits: 20, latencyMs: 5 });
const SLOW = access({ downMbits: 50, upMbits: 5, latencyMs: 5 });
