import { access } from '../links/presets.js';
import { check, type Scenario } from '../scenario.js';
import { crowd, crowdBound, patience } from './flash-crowd-plan.js';
import { SWARM_SETTINGS } from './swarm-settings.js';

/** S15: a fast line with a long round trip, to one peer or a few. */
export const LONG_FAT: Scenario = {
  id: 'S15',
  title: 'long fat link: a high rate over a long round trip, to one peer or a few',
  defaults: { peers: 1, pieces: 256, pieceBytes: 1_048_576 },
  settings: {
    ...SWARM_SETTINGS,
    rttMs: { value: 100, meaning: 'round trip of every path' },
    megabits: { value: 100, meaning: 'rate of every line, Mbit/s both ways', least: 0.001 },
    loss: { value: 0, meaning: 'share of the packets lost on every path', most: 1 },
    windowMiB: { value: 64, meaning: 'what the receive buffer of a connection grows to', least: 0.01 },
  },
  plan(input) {
    const rttMs = input.number('rttMs');
    const megabits = input.number('megabits');
    const link = access({
      downMbits: megabits,
      upMbits: megabits,
      latencyMs: rttMs / 4,
      loss: input.number('loss') / 2,
      windowBytes: input.number('windowMiB') * 2 ** 20,
    });
    const peers = crowd(input, link, () => ({ link }));
    const fluid = crowdBound(input, peers);
    // Two round trips to connect and shake hands, two to be let in and ask.
    const bound = { ...fluid, seconds: fluid.seconds + (4 * rttMs) / 1_000 };
    return {
      peers,
      limitSeconds: patience(bound),
      bound: () => bound,
      checks: ({ ratio, incomplete }) => [
        check('rate of the slowest, of the line', 'atLeast', megabits >= 1_000 ? 0.9 : 0.95, 1 / ratio.max),
        check('peers that did not finish', 'atMost', 0, incomplete),
      ],
    };
  },
};
