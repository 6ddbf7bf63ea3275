import { pieceBound } from '../bounds.js';
import { quantile } from '../../run/quantile.js';
import { LINK_PRESETS } from '../links/presets.js';
import { check, type Scenario } from '../scenario.js';
import { crowd, fileBytes, patience } from './flash-crowd-plan.js';
import { SWARM_SETTINGS } from './swarm-settings.js';

/** S17: the flash crowd again, looking at each peer's last hundredth: who waits for a last block waits for a slow promise. */
export const TAIL: Scenario = {
  id: 'S17',
  title: 'the tail of a flash crowd: from 99 % of the pieces to all of them',
  defaults: { peers: 200, pieces: 512, pieceBytes: 65_536, link: 'sdsl' },
  settings: SWARM_SETTINGS,
  plan(input) {
    const link = LINK_PRESETS[input.link];
    const bound = pieceBound({
      fileBytes: fileBytes(input),
      pieces: input.content.pieces,
      up: Math.min(link.upBytesPerSecond, link.downBytesPerSecond),
      leecherCount: input.peers,
    });
    const nearlyAll = Math.ceil(input.content.pieces * 0.99);
    const tails: number[] = [];
    return {
      peers: crowd(input, link, () => ({ link })),
      limitSeconds: patience(bound),
      bound: () => bound,
      script: (world) => {
        const nearlyDoneAt = new Map<number, number>();
        world.onEvent((peer, event) => {
          const { index } = peer;
          if (event.kind === 'pieceStored' && peer.have.count === nearlyAll) nearlyDoneAt.set(index, world.nowSeconds);
          const since = nearlyDoneAt.get(index);
          if (event.kind === 'complete' && since !== undefined)
            tails.push((world.nowSeconds - since) / world.nowSeconds);
        });
      },
      checks: ({ duplicateShare, incomplete }) => {
        tails.sort((a, b) => a - b);
        return [
          check('tail of the median peer, of its time', 'atMost', 0.02, quantile(tails, 0.5) ?? Infinity),
          check('longest tail, of its time', 'atMost', 0.02, tails.at(-1) ?? Infinity),
          check('duplicates', 'atMost', 0.01, duplicateShare),
          check('peers that did not finish', 'atMost', 0, incomplete),
        ];
      },
    };
  },
};
