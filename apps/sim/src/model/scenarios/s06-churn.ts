import { LINK_PRESETS } from '../links/presets.js';
import { check, type Scenario } from '../scenario.js';
import { crowd, crowdBound, fileBytes, patience } from './flash-crowd-plan.js';
import { MembershipBound } from './membership-bound.js';
import { honestNode, SWARM_SETTINGS } from './swarm-settings.js';

/** S06: peers are killed and others come in their place, evenly over the time that one needs for the file at the least. */
export const CHURN: Scenario = {
  id: 'S06',
  title: 'churn: 20 % of the peers are killed and replaced while one could fetch the file',
  defaults: { peers: 200, pieces: 256, pieceBytes: 65_536, link: 'sdsl' },
  settings: {
    ...SWARM_SETTINGS,
    churnShare: { value: 0.2, meaning: 'share of the peers that is killed and replaced per F/u', most: 100 },
  },
  plan(input) {
    const link = LINK_PRESETS[input.link];
    const peers = crowd(input, link, () => ({ link }));
    const membership = new MembershipBound(crowdBound(input, peers));
    const spread = fileBytes(input) / link.upBytesPerSecond;
    const deaths = Math.round(input.peers * input.number('churnShare'));
    let bound = crowdBound(input, peers);
    return {
      peers,
      limitSeconds: patience(bound),
      bound: (world) => (bound = membership.of(world)),
      script: (world, marks) => {
        membership.watch(world, ({ index }) => index <= input.peers);
        const random = world.random.fork('churn');
        for (let death = 0; death < deaths; death += 1) {
          world.at((spread * (death + 0.5)) / deaths, () => {
            const living = world.peers.filter((peer) => peer.index > 0 && peer.isAlive);
            living[random.below(Math.max(1, living.length))]?.kill();
            world.addPeer({ role: 'leecher', link, behaviour: honestNode(input) });
            marks.happened('killed and replaced');
          });
        }
        marks.mark(`${deaths} are killed and replaced within ${spread.toFixed(0)} s`);
      },
      checks: ({ incomplete }) => [
        check('last survivor over the bound', 'atMost', 1.15, membership.lastSeconds / bound.seconds),
        check('peers that did not finish', 'atMost', 0, incomplete),
      ],
    };
  },
};
