import type { OverlaySample } from '../model-result.js';
import { check, type Scenario } from '../scenario.js';
import { HONEST, type Behaviour } from '../world/peer-plan.js';
import { emptyHandedPeers, exactOverlay, wholeRun } from './overlay-plan.js';

/** Of the toy model (simulation.md, C.2): fewer than there are by default. */
const PLACES = 100;
const FEW_PLACES: Behaviour = { ...HONEST, options: { maxPeers: PLACES } };

/** O2: everybody comes at once and knows only the first peer, which has far fewer places than there are peers. */
export const OVERLAY_FLASH_JOIN: Scenario = {
  id: 'O2',
  title: `overlay: N peers come at once through one bootstrap peer with ${PLACES} places`,
  defaults: { peers: 600, pieces: 1, pieceBytes: 16_384, link: 'fibre' },
  settings: {
    arrivalSeconds: { value: 10, meaning: 'peers arrive evenly over so many seconds' },
    joinSeconds: { value: 30, meaning: 'seconds from the first arrival until all must be one component', least: 0.1 },
  },
  plan(input) {
    const spread = input.number('arrivalSeconds');
    const measureAt = input.number('joinSeconds');
    let joined: OverlaySample | undefined;
    return {
      peers: emptyHandedPeers(input, (index) => (spread * index) / input.peers).map((peer) => ({
        ...peer,
        behaviour: FEW_PLACES,
      })),
      isContentMissing: true,
      limitSeconds: measureAt + 1,
      isOver: () => joined !== undefined,
      bound: () => wholeRun(measureAt),
      script: (world) => {
        world.at(measureAt, () => {
          joined = exactOverlay(world);
        });
      },
      checks: () => [
        check('peers in one component', 'atLeast', input.peers, Math.round((joined?.largestShare ?? 0) * input.peers)),
        check('links of a peer, mean', 'atLeast', 20, joined?.meanDegree ?? 0),
        check('links of a peer, most', 'atMost', PLACES, joined?.maxDegree ?? Infinity),
        check('diameter', 'atMost', 4, joined?.diameter ?? Infinity),
      ],
    };
  },
};
