import { LINK_PRESETS } from '../links/presets.js';
import { check, type Scenario } from '../scenario.js';
import { addressOf } from '../world/sim-peer.js';
import { crowd, crowdBound, isAmong, patience } from './flash-crowd-plan.js';
import { honestNode, SWARM_SETTINGS } from './swarm-settings.js';

/** S08: some peers send nothing but spoilt blocks of what they fetched. */
export const POLLUTERS: Scenario = {
  id: 'S08',
  title: 'polluters: a share of the leechers spoils every block that it sends',
  defaults: { peers: 200, pieces: 256, pieceBytes: 65_536, link: 'sdsl' },
  settings: {
    ...SWARM_SETTINGS,
    pollutingShare: { value: 0.1, meaning: 'share of the leechers that pollute' },
  },
  plan(input) {
    const link = LINK_PRESETS[input.link];
    const share = input.number('pollutingShare');
    const polluter = { ...honestNode(input), name: 'polluter', poisonsReads: true };
    const peers = crowd(input, link, (index) => (isAmong(index, share) ? { link, behaviour: polluter } : { link }));
    // They need nothing that others must bring.
    const honest = peers.filter(({ behaviour }) => behaviour?.name !== polluter.name);
    const bound = crowdBound(input, honest);
    const honestHosts = new Set(
      peers.flatMap(({ behaviour }, index) => (behaviour?.name === polluter.name ? [] : [addressOf(index).host])),
    );
    let honestBans = 0;
    return {
      peers,
      limitSeconds: patience(bound),
      bound: () => bound,
      script: (world, marks) => {
        world.onEvent((peer, event) => {
          if (event.kind !== 'peerClosed' || event.reason.code !== 'banned' || !peer.isHonest) return;
          marks.happened('ban');
          if (honestHosts.has(event.address.host)) honestBans += 1;
        });
      },
      checks: ({ ratio, incomplete, wastedShare }) => [
        check('maximum over the bound', 'atMost', 1.15, ratio.max),
        check('thrown away, of what was needed', 'atMost', 0.01, wastedShare),
        check('bans of honest peers', 'atMost', 0, honestBans),
        check('peers that did not finish', 'atMost', 0, incomplete),
      ],
    };
  },
};
