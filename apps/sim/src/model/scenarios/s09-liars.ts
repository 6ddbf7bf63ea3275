import { LINK_PRESETS } from '../links/presets.js';
import { check, type Scenario, type ScenarioInput } from '../scenario.js';
import { crowd, crowdBound, patience } from './flash-crowd-plan.js';
import { type BlocklessBehaviour, startHostileHosts } from './hostile-hosts.js';
import { SWARM_SETTINGS } from './swarm-settings.js';

/**
 * S09: some say that they have everything and reject every request, some take requests and send nothing, some fill peer exchange with
 * addresses, nine in ten of which nobody is at (a crawl of real swarms found 75 to 89 % dead: tribler.org/PEXCrawl).
 */
export const LIARS: Scenario = {
  id: 'S09',
  title: 'liars and tarpits: some claim everything and reject or stay silent, some tell addresses that are nobody’s',
  defaults: { peers: 200, pieces: 256, pieceBytes: 65_536, link: 'sdsl' },
  settings: {
    ...SWARM_SETTINGS,
    liars: {
      value: 0.1,
      meaning: 'peers that claim everything and reject, beside the leechers, as a share of them',
      most: 10,
    },
    tarpits: { value: 0.1, meaning: 'peers that claim everything and are silent, likewise', most: 10 },
    poisoners: {
      value: 0.1,
      meaning: 'peers nine in ten of whose addresses in peer exchange are nobody’s, likewise',
      most: 10,
    },
  },
  plan(input) {
    const link = LINK_PRESETS[input.link];
    const peers = crowd(input, link, () => ({ link }));
    const bound = crowdBound(input, peers);
    return {
      peers,
      limitSeconds: patience(bound),
      bound: () => bound,
      script: (world, marks) => {
        world.at(0, () => {
          const hostile = hostileOnes(input);
          startHostileHosts(world, input, hostile);
          marks.mark(`${hostile.length} liars, tarpits and poisoners`);
        });
      },
      checks: ({ ratio, incomplete }) => [
        check('maximum over the bound', 'atMost', 1.2, ratio.max),
        check('peers that did not finish', 'atMost', 0, incomplete),
      ],
    };
  },
};

function hostileOnes(input: ScenarioInput): BlocklessBehaviour[] {
  const some = (behaviour: BlocklessBehaviour, share: number): BlocklessBehaviour[] =>
    Array.from({ length: Math.round(share * input.peers) }, () => behaviour);
  return [
    ...some('liar', input.number('liars')),
    ...some('tarpit', input.number('tarpits')),
    ...some('pexPoisoner', input.number('poisoners')),
  ];
}
