import { LINK_PRESETS } from '../links/presets.js';
import { check, type Scenario } from '../scenario.js';
import { crowd, crowdBound, patience } from './flash-crowd-plan.js';
import { startHostileHosts } from './hostile-hosts.js';
import { SWARM_SETTINGS } from './swarm-settings.js';

/**
 * S10: thieves ask for the same pieces again and again and keep nothing, so that slots, the seeder's above all, are taken from
 * those who need them (Adamsky and others: Stealing bandwidth from BitTorrent seeders, 2014).
 */
export const SLOT_THEFT: Scenario = {
  id: 'S10',
  title: 'slot theft: some take slots and blocks for ever, and have no use for them',
  defaults: { peers: 32, pieces: 256, pieceBytes: 65_536, link: 'sdsl' },
  settings: {
    ...SWARM_SETTINGS,
    thieves: { value: 3, meaning: 'how many, beside the leechers', most: 10_000, isWhole: true },
  },
  plan(input) {
    const link = LINK_PRESETS[input.link];
    const thieves = input.number('thieves');
    const peers = crowd(input, link, () => ({ link }));
    const bound = crowdBound(input, peers);
    // The published attacks: 3 of 32 leechers, and as many again as there are leechers.
    const target = thieves <= input.peers / 10 ? 1.25 : 1.6;
    return {
      peers,
      limitSeconds: patience(bound),
      bound: () => bound,
      script: (world, marks) => {
        // When those whom they dial are there.
        world.at(0, () => {
          startHostileHosts(
            world,
            input,
            Array.from({ length: thieves }, () => 'slotThief' as const),
          );
          marks.mark(`${thieves} thieves`);
        });
      },
      checks: ({ ratio, incomplete }) => [
        check('maximum over the bound', 'atMost', target, ratio.max),
        check('peers that did not finish', 'atMost', 0, incomplete),
      ],
    };
  },
};
