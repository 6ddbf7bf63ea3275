import { pieceBound } from '../bounds.js';
import { LINK_PRESETS } from '../links/presets.js';
import { check, type Scenario } from '../scenario.js';
import { crowd, fileBytes, patience } from './flash-crowd-plan.js';
import { SWARM_SETTINGS } from './swarm-settings.js';

/** S02: as S01, but downlinks are five times as fast as uplinks, so that only the uplinks bound the run. */
export const UPLOAD_BOUND: Scenario = {
  id: 'S02',
  title: 'upload-bound flash crowd: downlinks five times as fast as uplinks',
  defaults: { peers: 1_000, pieces: 256, pieceBytes: 65_536, link: 'sdsl' },
  settings: {
    ...SWARM_SETTINGS,
    downOverUp: { value: 5, meaning: 'rate of each downlink, in multiples of the uplink of the preset', least: 0.01 },
  },
  plan(input) {
    const preset = LINK_PRESETS[input.link];
    const link = { ...preset, downBytesPerSecond: preset.upBytesPerSecond * input.number('downOverUp') };
    const bound = pieceBound({
      fileBytes: fileBytes(input),
      pieces: input.content.pieces,
      up: Math.min(link.upBytesPerSecond, link.downBytesPerSecond),
      leecherCount: input.peers,
    });
    return {
      peers: crowd(input, link, () => ({ link })),
      limitSeconds: patience(bound),
      bound: () => bound,
      checks: ({ ratio, incomplete }) => [
        check('maximum over the bound', 'atMost', 1.04, ratio.max),
        check('peers that did not finish', 'atMost', 0, incomplete),
      ],
    };
  },
};
