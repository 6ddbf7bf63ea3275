import { sampleOverlay } from '../measure/overlay-sample.js';
import { check, type Scenario } from '../scenario.js';
import { emptyHandedPeers, wholeRun } from './overlay-plan.js';

/** O3: two halves are parted until no link between them is left, and meet again. Peer exchange lists neighbours only: it cannot mend that. */
export const OVERLAY_PARTITION: Scenario = {
  id: 'O3',
  title: 'overlay: two halves, parted until all links between them are dead, meet again',
  defaults: { peers: 600, pieces: 1, pieceBytes: 16_384, link: 'fibre' },
  settings: {
    arrivalSeconds: { value: 30, meaning: 'peers arrive evenly over so many seconds' },
    partedSeconds: { value: 300, meaning: 'seconds from the cut to the heal' },
  },
  plan(input) {
    const spread = input.number('arrivalSeconds');
    const cutAt = spread + 90;
    const healAt = cutAt + input.number('partedSeconds');
    let partsBefore = 0;
    let wholeAfterSeconds = Infinity;
    return {
      peers: emptyHandedPeers(input, (index) => (spread * index) / input.peers),
      isContentMissing: true,
      limitSeconds: healAt + LOOKS * LOOK_SECONDS + 1,
      isOver: (world) => wholeAfterSeconds < Infinity || world.nowSeconds > healAt + LOOKS * LOOK_SECONDS,
      bound: () => wholeRun(healAt),
      script: (world, marks) => {
        world.at(cutAt, () => {
          const isEven = new Map(world.peers.map(({ address, index }) => [address.host, index % 2 === 0]));
          world.network.cut((from, to) => isEven.get(from) !== isEven.get(to));
          marks.mark('part the halves');
        });
        world.at(healAt, () => {
          partsBefore = sampleOverlay(world).components;
          world.network.heal();
          marks.mark('heal');
        });
        for (let look = 1; look <= LOOKS; look += 1) {
          world.at(healAt + look * LOOK_SECONDS, () => {
            if (wholeAfterSeconds === Infinity && sampleOverlay(world).components === 1) {
              wholeAfterSeconds = look * LOOK_SECONDS;
            }
          });
        }
      },
      checks: () => [
        check('parts before the heal', 'atLeast', 2, partsBefore),
        check('seconds from the heal to one component', 'atMost', 10, wholeAfterSeconds),
      ],
    };
  },
};

/** The overlay is looked at every half second for a minute. */
const LOOK_SECONDS = 0.5;
const LOOKS = 120;
