import type { Payload } from '@p2p/swarm';

import { LINK_PRESETS } from '../links/presets.js';
import { letsAsk } from '../faults/free-rider.js';
import { check, type Scenario } from '../scenario.js';
import type { Behaviour } from '../world/peer-plan.js';
import { FAIRNESS } from '../tournament.js';
import type { World } from '../world/world.js';
import { crowd, crowdBound, isAmong, patience } from './flash-crowd-plan.js';
import { SWARM_SETTINGS } from './swarm-settings.js';

/**
 * S05: some take and never give. With a large view they are connected to everybody, so that many an optimistic slot is theirs
 * (Sirivianos and others, 2007).
 */
export const FREE_RIDERS: Scenario = {
  id: 'S05',
  title: 'free riders: some of the leechers unchoke nobody',
  defaults: { peers: 300, pieces: 256, pieceBytes: 65_536, link: 'sdsl' },
  settings: {
    ...SWARM_SETTINGS,
    freeriders: { value: 0.3, meaning: 'share of the leechers that give nothing', most: 1 },
    view: { value: 'plain', meaning: 'large: free riders connect to everybody', among: ['plain', 'large'] },
  },
  plan(input) {
    const link = LINK_PRESETS[input.link];
    const share = input.number('freeriders');
    const freeRider = freeRiderOf(input.text('view') === 'large' ? input.peers + 1 : undefined);
    const peers = crowd(input, link, (index) => (isAmong(index, share) ? { link, behaviour: freeRider } : { link }));
    const bound = crowdBound(input, peers);
    let race: Race = { finishedBefore: 0, medianShare: 0 };
    return {
      peers,
      limitSeconds: patience(bound),
      bound: () => bound,
      script: (world) => {
        whenHalfIsDone(world, () => {
          race = standing(world);
        });
      },
      checks: ({ ratio, incomplete }) => [
        check('maximum of the honest over the bound', 'atMost', 1.1, ratio.max),
        check(FAIRNESS, 'atMost', 0, race.finishedBefore),
        check('pieces of the median free rider at the honest median', 'atMost', 1 / 1.5, race.medianShare),
        check('peers that did not finish', 'atMost', 0, incomplete),
      ],
    };
  },
};

/** A node that believes it lets others ask, who never hear of it. */
function freeRiderOf(view: number | undefined): Behaviour {
  return {
    name: 'free rider',
    rewrite: (message) => (letsAsk(message) ? [] : [message]),
    ...(view !== undefined && { options: { maxPeers: view, targetPeers: view, maxDialing: 100 } }),
  };
}

/** How far free riders are. */
interface Race {
  readonly finishedBefore: number;
  /** Of the pieces. */
  readonly medianShare: number;
}

function whenHalfIsDone<P extends Payload>(world: World<P>, act: () => void): void {
  let finished = 0;
  world.onEvent((peer, event) => {
    if (event.kind !== 'complete' || peer.isSeeder || !peer.isHonest) return;
    finished += 1;
    const honest = world.peers.filter((each) => each.isHonest && !each.isSeeder);
    if (finished === Math.ceil(honest.length / 2)) act();
  });
}

function standing<P extends Payload>(world: World<P>): Race {
  const riders = world.peers.filter(({ isHonest }) => !isHonest);
  const { pieceCount } = world.content.metainfo.layout;
  const shares = riders.map(({ have }) => have.count / pieceCount).sort((a, b) => a - b);
  return {
    finishedBefore: riders.filter(({ completedAtSeconds }) => completedAtSeconds !== undefined).length,
    medianShare: shares[Math.floor(shares.length / 2)] ?? 0,
  };
}
