import { pieceBound } from '../bounds.js';
import { LINK_PRESETS } from '../links/presets.js';
import { check, type Scenario } from '../scenario.js';
import type { PeerPlan } from '../world/peer-plan.js';

/** S01: one seeder, N leechers at once, all with the same link, everybody knows only the seeder. */
export const FLASH_CROWD: Scenario = {
  id: 'S01',
  title: 'flash crowd: one seeder, N leechers at once, everybody knows only the seeder',
  defaults: { peers: 1_000, pieces: 256, pieceBytes: 65_536, link: 'sdsl' },
  settings: {
    arrivalSeconds: { value: 0, meaning: 'leechers arrive evenly over so many seconds' },
  },
  plan(input) {
    const link = LINK_PRESETS[input.link];
    const spread = input.number('arrivalSeconds');
    const leechers = Array.from({ length: input.peers }, (_, index): PeerPlan => {
      return { role: 'leecher', link, arrivesAtSeconds: (spread * index) / input.peers };
    });
    const fileBytes = input.content.pieces * input.content.pieceBytes;
    const up = Math.min(link.upBytesPerSecond, link.downBytesPerSecond);
    const bound = pieceBound({ fileBytes, pieces: input.content.pieces, up, leecherCount: input.peers });
    return {
      peers: [{ role: 'seeder', link }, ...leechers],
      limitSeconds: 10 * bound.seconds + 600,
      bound: () => bound,
      checks: ({ ratio, incomplete }) => [
        check('p50 over the bound', 'atMost', 1.05, ratio.p50),
        check('maximum over the bound', 'atMost', 1.1, ratio.max),
        check('peers that did not finish', 'atMost', 0, incomplete),
      ],
    };
  },
};
