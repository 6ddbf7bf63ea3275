import { pieceBound } from '../bounds.js';
import type { AccessLink } from '../links/link-model.js';
import { LINK_PRESETS } from '../links/presets.js';
import { check, type Scenario, type ScenarioInput } from '../scenario.js';
import type { PeerPlan } from '../world/peer-plan.js';
import { honestNode, SWARM_SETTINGS } from './swarm-settings.js';

/** S01: one seeder, N leechers at once, all with the same link, everybody knows only the seeder. */
export const FLASH_CROWD: Scenario = {
  id: 'S01',
  title: 'flash crowd: one seeder, N leechers at once, everybody knows only the seeder',
  defaults: { peers: 1_000, pieces: 256, pieceBytes: 65_536, link: 'sdsl' },
  settings: {
    ...SWARM_SETTINGS,
    arrivalSeconds: { value: 0, meaning: 'leechers arrive evenly over so many seconds' },
    extraRttMs: { value: 0, meaning: 'added to the round trip of every path' },
    extraLoss: { value: 0, meaning: 'added to the share of packets lost on every path', most: 1 },
    limitUp: {
      value: 0,
      meaning: 'what each node limits its own upload to, bytes per second; 0 for no limit',
      isWhole: true,
    },
  },
  plan(input) {
    const link = linkOf(input);
    const spread = input.number('arrivalSeconds');
    const limit = input.number('limitUp');
    const common = {
      link,
      behaviour: honestNode(input, limit > 0 ? { uploadBytesPerSecond: limit } : {}),
    };
    const leechers = Array.from({ length: input.peers }, (_, index): PeerPlan => {
      return { ...common, role: 'leecher', arrivesAtSeconds: (spread * index) / input.peers };
    });
    const bound = pieceBound({
      fileBytes: input.content.pieces * input.content.pieceBytes,
      pieces: input.content.pieces,
      up: Math.min(link.upBytesPerSecond, link.downBytesPerSecond, limit > 0 ? limit : Infinity),
      leecherCount: input.peers,
    });
    return {
      peers: [{ ...common, role: 'seeder' }, ...leechers],
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

/** The preset, with what is to be added to a path on each of its two ends: a quarter of the round trip, half of the loss. */
function linkOf(input: ScenarioInput): AccessLink {
  const preset = LINK_PRESETS[input.link];
  return {
    ...preset,
    latencyMicros: preset.latencyMicros + Math.round((input.number('extraRttMs') * 1_000) / 4),
    loss: preset.loss + input.number('extraLoss') / 2,
  };
}
