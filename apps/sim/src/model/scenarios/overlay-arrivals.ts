import type { Payload } from '@p2p/swarm';

import type { OverlaySample } from '../model-result.js';
import { check, type RunMarks, type Scenario } from '../scenario.js';
import type { World } from '../world/world.js';
import { emptyHandedPeers, exactOverlay, wholeRun } from './overlay-plan.js';

/**
 * O1: peers arrive one after the other, and each knows only the first. Peer exchange alone makes a chain of them, each linked
 * to those who came shortly before (Al-Hamra, Legout, Barakat, arXiv 0707.1820); then most die at once.
 */
export const OVERLAY_ARRIVALS: Scenario = {
  id: 'O1',
  title: 'overlay: N peers arrive one by one and know only the first; then most die at once',
  defaults: { peers: 1_500, pieces: 1, pieceBytes: 16_384, link: 'fibre' },
  settings: {
    gapSeconds: { value: 1, meaning: 'seconds between two arrivals' },
    restSeconds: { value: 60, meaning: 'seconds from the last arrival to the deaths' },
    deadShare: { value: 0.9, meaning: 'share of the peers that die at once', most: 1 },
  },
  plan(input) {
    const gap = input.number('gapSeconds');
    const measureAt = gap * input.peers + input.number('restSeconds');
    let whole: OverlaySample | undefined;
    let survivors: OverlaySample | undefined;
    return {
      peers: emptyHandedPeers(input, (index) => gap * index),
      isContentMissing: true,
      limitSeconds: measureAt + 2,
      isOver: () => survivors !== undefined,
      bound: () => wholeRun(measureAt),
      script: (world, marks) => {
        world.at(measureAt, () => {
          whole = exactOverlay(world);
          killByLot(world, marks, input.number('deadShare'));
        });
        // Resets have reached everybody, and nobody has dialled yet whom it lacks.
        world.at(measureAt + 0.001, () => {
          survivors = exactOverlay(world);
        });
      },
      checks: () => [
        check('diameter', 'atMost', 4, whole?.diameter ?? Infinity),
        check('clustering', 'atMost', 0.1, whole?.clustering ?? Infinity),
        check('components', 'atMost', 1, whole?.components ?? Infinity),
        check('share of the survivors in one component', 'atLeast', 0.9, survivors?.largestShare ?? 0),
      ],
    };
  },
};

function killByLot<P extends Payload>(world: World<P>, marks: RunMarks, share: number): void {
  const random = world.random.fork('deaths');
  for (const peer of world.peers) if (random.below(1_000) < share * 1_000) peer.kill();
  marks.mark(`kill ${Math.round(share * 100)} %`);
}
