import { LINK_PRESETS } from '../links/presets.js';
import { sampleOverlay } from '../measure/overlay-sample.js';
import { check, type Scenario } from '../scenario.js';
import { crowd, crowdBound, patience } from './flash-crowd-plan.js';
import { honestNode, SWARM_SETTINGS } from './swarm-settings.js';

/** S11: the swarm is parted in halves at 30 % of its way, the seeder on one side, and healed after a while. */
export const PARTITION: Scenario = {
  id: 'S11',
  title: 'partition: two halves are parted at 30 % of the way, the seeder in one, and meet again',
  defaults: { peers: 200, pieces: 256, pieceBytes: 65_536, link: 'sdsl' },
  settings: {
    ...SWARM_SETTINGS,
    partedSeconds: { value: 60, meaning: 'seconds from the cut to the heal' },
    isOneWay: { value: false, meaning: 'the half without the seeder can still send, but hears nothing' },
  },
  plan(input) {
    const link = LINK_PRESETS[input.link];
    const peers = crowd(input, link, () => ({ link, behaviour: honestNode(input) }));
    const whole = crowdBound(input, peers);
    const cutAt = 0.3 * whole.seconds;
    const healAt = cutAt + input.number('partedSeconds');
    let missingAtHeal = 1;
    let lastSeconds = Infinity;
    let wholeAfterSeconds = Infinity;
    return {
      peers,
      limitSeconds: patience(whole) + healAt,
      bound: () => whole,
      isOver: (world) =>
        world.nowSeconds > healAt + 1 &&
        (wholeAfterSeconds < Infinity || world.nowSeconds > healAt + 130) &&
        world.peers.every((peer) => peer.isSeeder || peer.completedAtSeconds !== undefined),
      script: (world, marks) => {
        world.onEvent((peer, event) => {
          if (event.kind === 'complete' && !peer.isSeeder) lastSeconds = world.nowSeconds;
        });
        world.at(cutAt, () => {
          const isFar = new Map(world.peers.map(({ address, index }) => [address.host, index % 2 === 1]));
          const isOneWay = input.flag('isOneWay');
          world.network.cut((from, to) =>
            isOneWay ? isFar.get(from) === false && isFar.get(to) === true : isFar.get(from) !== isFar.get(to),
          );
          marks.mark('part the halves');
        });
        world.at(healAt, () => {
          const { pieceCount } = world.content.metainfo.layout;
          missingAtHeal = Math.max(...world.peers.map(({ have }) => 1 - have.count / pieceCount));
          world.network.heal();
          marks.mark('heal');
        });
        for (let look = 1; look <= LOOKS; look += 1) {
          world.at(healAt + look * LOOK_SECONDS, () => {
            if (wholeAfterSeconds < Infinity || sampleOverlay(world).components > 1) return;
            wholeAfterSeconds = look * LOOK_SECONDS;
            marks.mark('one component');
          });
        }
      },
      checks: ({ incomplete }) => [
        check('seconds from the heal to one component', 'atMost', 10, wholeAfterSeconds),
        check(
          'from the heal to the last completion, over what the rest takes',
          'atMost',
          1.15,
          (lastSeconds - healAt) / (missingAtHeal * whole.seconds),
        ),
        check('peers that did not finish', 'atMost', 0, incomplete),
      ],
    };
  },
};

const LOOK_SECONDS = 0.5;
const LOOKS = 260;
