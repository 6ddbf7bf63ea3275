import type { Payload } from '@p2p/swarm';

import { LINK_PRESETS } from '../links/presets.js';
import { check, type RunMarks, type Scenario, type ScenarioInput } from '../scenario.js';
import type { PeerPlan } from '../world/peer-plan.js';
import type { SimPeer } from '../world/sim-peer.js';
import type { World } from '../world/world.js';
import { crowd, crowdBound, fileBytes, patience } from './flash-crowd-plan.js';
import { honestNode, SWARM_SETTINGS } from './swarm-settings.js';

/** S14: somebody comes late, and knows only the first seeder, who may have no place or no time for it. */
export const LATE_JOINER: Scenario = {
  id: 'S14',
  title: 'a late joiner: into a swarm of seeders, half-way into a flash crowd, or when 90 % of a flash crowd are done',
  defaults: { peers: 1_000, pieces: 256, pieceBytes: 65_536, link: 'sdsl' },
  settings: {
    ...SWARM_SETTINGS,
    into: { value: 'seeds', meaning: 'what the joiner finds', among: ['seeds', 'busy', 'flash'] },
  },
  plan(input) {
    const link = LINK_PRESETS[input.link];
    const into = input.text('into');
    const joiner: PeerPlan = { role: 'leecher', link, behaviour: honestNode(input) };
    const others = crowd(input, link, () => ({ link })).map((plan): PeerPlan => {
      return into === 'seeds' ? { ...plan, role: 'seeder' } : plan;
    });
    const bound = crowdBound(input, others);
    const ownBound = fileBytes(input) / link.downBytesPerSecond;
    let seen: Seen = { seconds: () => Infinity, links: 0 };
    return {
      peers: others,
      limitSeconds: patience(bound),
      isOver: () => seen.seconds() < Infinity,
      bound: () => ({ name: 'LB1', seconds: into === 'seeds' ? ownBound : bound.seconds }),
      script: (world, marks) => {
        onceReady(world, input, bound.seconds, () => {
          marks.mark('the joiner comes');
          seen = watch(world, world.addPeer(joiner), marks);
        });
      },
      checks: () => [
        check('the joiner’s time over F/d', 'atMost', 1.05, seen.seconds() / ownBound),
        check('links of the joiner after 5 s', 'atLeast', Math.min(20, input.peers), seen.links),
      ],
    };
  },
};

interface Seen {
  /** From its start to its copy; Infinity before. */
  readonly seconds: () => number;
  /** Five seconds after its start, or at its end if that is earlier. */
  readonly links: number;
}

/** A swarm of seeders is left a minute to settle; a busy one is half done by the bound; in a flash crowd 90 % must be done. */
function onceReady<P extends Payload>(
  world: World<P>,
  input: ScenarioInput,
  boundSeconds: number,
  act: () => void,
): void {
  const into = input.text('into');
  if (into !== 'flash') {
    world.at(into === 'seeds' ? SETTLE_SECONDS : boundSeconds / 2, act);
    return;
  }
  let finished = 0;
  world.onEvent((_, event) => {
    if (event.kind === 'complete' && ++finished === Math.ceil(input.peers * 0.9)) world.at(world.nowSeconds, act);
  });
}

function watch<P extends Payload>(world: World<P>, joiner: SimPeer<P>, marks: RunMarks): Seen {
  const seen = {
    links: 0,
    seconds: () => (joiner.completedAtSeconds ?? Infinity) - joiner.startedAtSeconds,
  };
  const count = (): void => {
    seen.links = joiner.swarm.status().peers.length;
  };
  world.at(world.nowSeconds + 5, () => {
    if (joiner.completedAtSeconds === undefined) count();
  });
  world.onEvent((peer, event) => {
    if (peer !== joiner || event.kind !== 'complete') return;
    if (world.nowSeconds < joiner.startedAtSeconds + 5) count();
    marks.mark('the joiner is done');
  });
  return seen;
}

const SETTLE_SECONDS = 60;
