import type { Payload } from '@p2p/swarm';

import { LINK_PRESETS } from '../links/presets.js';
import { check, type RunMarks, type Scenario } from '../scenario.js';
import type { World } from '../world/world.js';
import { crowd, crowdBound, fileBytes, patience } from './flash-crowd-plan.js';
import { SWARM_SETTINGS } from './swarm-settings.js';

/** S13: the only seeder leaves as soon as it has sent little more than one copy. What it sent twice, it did not send once. */
export const SEED_LEAVES: Scenario = {
  id: 'S13',
  title: 'the seeder leaves early: when it has sent 1.05 copies',
  defaults: { peers: 100, pieces: 256, pieceBytes: 65_536, link: 'sdsl' },
  settings: {
    ...SWARM_SETTINGS,
    copies: { value: 1.05, meaning: 'copies of the file that the seeder has sent when it leaves' },
  },
  plan(input) {
    const link = LINK_PRESETS[input.link];
    const peers = crowd(input, link, () => ({ link }));
    const bound = crowdBound(input, peers);
    return {
      peers,
      limitSeconds: patience(bound),
      bound: () => bound,
      isOver: (world) => isDone(world) || piecesAmongTheLiving(world) < input.content.pieces,
      script: (world, marks) => {
        leaveAfter(world, marks, input.number('copies') * fileBytes(input));
      },
      checks: ({ incomplete }) => [
        check('share of the leechers that finish', 'atLeast', 1, 1 - incomplete / input.peers),
      ],
    };
  },
};

function leaveAfter<P extends Payload>(world: World<P>, marks: RunMarks, bytes: number): void {
  const look = (): void => {
    const [seeder] = world.peers;
    if (seeder === undefined || seeder.host.sentPayloadBytes < bytes) {
      world.at(world.nowSeconds + LOOK_SECONDS, look);
      return;
    }
    seeder.leave();
    marks.mark('the seeder leaves');
  };
  world.at(0, look);
}

function isDone<P extends Payload>(world: World<P>): boolean {
  return world.peers.every(({ isSeeder, completedAtSeconds }) => isSeeder || completedAtSeconds !== undefined);
}

/** Pieces that some living peer has: without all of them nobody can finish any more. */
function piecesAmongTheLiving<P extends Payload>(world: World<P>): number {
  const pieces = new Set<number>();
  for (const { isAlive, have } of world.peers) if (isAlive) for (const piece of have.indices()) pieces.add(piece);
  return pieces.size;
}

const LOOK_SECONDS = 0.1;
