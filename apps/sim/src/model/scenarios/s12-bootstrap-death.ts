import { fluidBound } from '../bounds.js';
import { LINK_PRESETS } from '../links/presets.js';
import { check, type Scenario, type ScenarioInput } from '../scenario.js';
import type { PeerPlan } from '../world/peer-plan.js';
import { crowd, fileBytes, patience } from './flash-crowd-plan.js';
import { honestNode, SWARM_SETTINGS } from './swarm-settings.js';

/** S12: the only peer that everybody was told of dies; a seeder that knows it alone is left, and must have become known by then. */
export const BOOTSTRAP_DEATH: Scenario = {
  id: 'S12',
  title: 'bootstrap death: the only peer that all were told of dies early; another seeder, who knew only it, stays',
  defaults: { peers: 200, pieces: 256, pieceBytes: 65_536, link: 'sdsl' },
  settings: {
    ...SWARM_SETTINGS,
    bootstrap: { value: 'seeder', meaning: 'what the bootstrap is itself', among: ['seeder', 'leecher'] },
    deathSeconds: { value: 1, meaning: 'seconds until the bootstrap dies; 0 for `deathShare`' },
    deathShare: { value: 0.1, meaning: 'share of the bound after which it dies, if `deathSeconds` is 0' },
  },
  plan(input) {
    const link = LINK_PRESETS[input.link];
    const [seeder, ...leechers] = crowd(input, link, () => ({ link }));
    const bootstrap: PeerPlan = { role: roleOf(input), link, behaviour: honestNode(input) };
    const peers = [bootstrap, ...(seeder === undefined ? [] : [seeder]), ...leechers];
    const bound = fluidBound({
      fileBytes: fileBytes(input),
      seederUp: (bootstrap.role === 'seeder' ? 2 : 1) * link.upBytesPerSecond,
      leechers: leechers.map(() => ({ up: link.upBytesPerSecond, down: link.downBytesPerSecond })),
    });
    const seconds = input.number('deathSeconds');
    let unlinked = 0;
    return {
      peers,
      limitSeconds: patience(bound),
      bound: () => bound,
      script: (world, marks) => {
        world.at(seconds > 0 ? seconds : input.number('deathShare') * bound.seconds, () => {
          unlinked = world.peers.filter((peer) => peer.host.connections.size === 0).length;
          world.peers[0]?.kill();
          marks.mark('the bootstrap dies');
        });
      },
      checks: ({ incomplete }) => [
        check('peers without a link when the bootstrap died', 'atMost', 0, unlinked),
        check('peers that did not finish', 'atMost', unlinked, incomplete),
      ],
    };
  },
};

function roleOf(input: ScenarioInput): PeerPlan['role'] {
  return input.text('bootstrap') === 'seeder' ? 'seeder' : 'leecher';
}
