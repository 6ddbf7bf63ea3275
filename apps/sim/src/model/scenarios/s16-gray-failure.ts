import { LINK_PRESETS } from '../links/presets.js';
import { check, type Scenario } from '../scenario.js';
import { crowd, crowdBound, isAmong, patience } from './flash-crowd-plan.js';
import { honestNode, SWARM_SETTINGS } from './swarm-settings.js';

/** S16: half-way some lines drop to a hundredth of their rate. Their peers are there, answer, and hold up what they promised. */
export const GRAY_FAILURE: Scenario = {
  id: 'S16',
  title: 'gray failure: half-way 5 % of the lines drop to 1 % of their rate',
  defaults: { peers: 200, pieces: 256, pieceBytes: 65_536, link: 'sdsl' },
  settings: {
    ...SWARM_SETTINGS,
    grayShare: { value: 0.05, meaning: 'share of the leechers whose lines fail', most: 1 },
    rateLeft: { value: 0.01, meaning: 'what is left of their rates', least: 0.0001, most: 1 },
  },
  plan(input) {
    const link = LINK_PRESETS[input.link];
    const share = input.number('grayShare');
    // They need not finish in time: that is why they are not counted among the honest.
    const gray = { ...honestNode(input), name: 'gray' };
    const peers = crowd(input, link, (index) => (isAmong(index, share) ? { link, behaviour: gray } : { link }));
    const sane = peers.filter(({ behaviour }) => behaviour?.name !== gray.name);
    const bound = crowdBound(input, sane);
    return {
      peers,
      limitSeconds: patience(bound),
      bound: () => bound,
      script: (world, marks) => {
        world.at(bound.seconds / 2, () => {
          const failed = world.peers.filter(({ isHonest }) => !isHonest);
          for (const { host } of failed) world.network.links.slow(host.link, input.number('rateLeft'));
          marks.mark(`${failed.length} lines fail`);
        });
      },
      checks: ({ ratio, incomplete }) => [
        check('maximum of the others over the bound', 'atMost', 1.1, ratio.max),
        check('peers that did not finish', 'atMost', 0, incomplete),
      ],
    };
  },
};
