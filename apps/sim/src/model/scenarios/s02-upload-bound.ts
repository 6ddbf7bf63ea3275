import { pieceBound, type Bound } from '../bounds.js';
import type { AccessLink } from '../links/link-model.js';
import { LINK_PRESETS } from '../links/presets.js';
import { check, type Scenario, type ScenarioInput } from '../scenario.js';
import { crowd, crowdBound, fileBytes, patience } from './flash-crowd-plan.js';
import { SWARM_SETTINGS } from './swarm-settings.js';

/** S02: as S01, but downlinks are five times as fast as uplinks, so that only the uplinks bound the run. */
export const UPLOAD_BOUND: Scenario = {
  id: 'S02',
  title: 'upload-bound flash crowd: downlinks five times as fast as uplinks',
  defaults: { peers: 1_000, pieces: 256, pieceBytes: 65_536, link: 'sdsl' },
  settings: {
    ...SWARM_SETTINGS,
    downOverUp: { value: 5, meaning: 'rate of each downlink, in multiples of the uplink of the preset', least: 0.01 },
    seederOverUp: { value: 1, meaning: 'rate of the seeder’s uplink, in multiples of that of the preset', least: 0.01 },
  },
  plan(input) {
    const preset = LINK_PRESETS[input.link];
    const link = { ...preset, downBytesPerSecond: preset.upBytesPerSecond * input.number('downOverUp') };
    const seederOverUp = input.number('seederOverUp');
    const peers = crowd(input, { ...link, upBytesPerSecond: link.upBytesPerSecond * seederOverUp }, () => ({ link }));
    const bound = seederOverUp === 1 ? boundOfEquals(input, link) : crowdBound(input, peers);
    return {
      peers,
      limitSeconds: patience(bound),
      bound: () => bound,
      checks: ({ ratio, incomplete }) => [
        check('maximum over the bound', 'atMost', 1.04, ratio.max),
        check('peers that did not finish', 'atMost', 0, incomplete),
      ],
    };
  },
};

/** LB2, which holds where all send at the same rate. */
function boundOfEquals(input: ScenarioInput, { upBytesPerSecond, downBytesPerSecond }: AccessLink): Bound {
  return pieceBound({
    fileBytes: fileBytes(input),
    pieces: input.content.pieces,
    up: Math.min(upBytesPerSecond, downBytesPerSecond),
    leecherCount: input.peers,
  });
}
