import type { Payload } from '@p2p/swarm';
import { SeededRandom } from '@p2p/swarm/testing';

import { access } from '../links/presets.js';
import { check, type RunMarks, type Scenario, type ScenarioInput } from '../scenario.js';
import type { PeerPlan } from '../world/peer-plan.js';
import type { SimPeer } from '../world/sim-peer.js';
import type { World } from '../world/world.js';
import { poissonTimes } from './arrivals.js';
import { fileBytes } from './flash-crowd-plan.js';
import { honestNode, SWARM_SETTINGS } from './swarm-settings.js';

/**
 * S03: leechers come one by one, by chance, and leave when they have what they want. If they leave at once and come faster than the
 * only seeder sends pieces, no rule whatever of choosing pieces keeps the swarm stable: ever more wait for the one piece that
 * all lack. Staying for one piece more is enough (B. Hajek, J. Zhu: The Missing Piece Syndrome in Peer-to-Peer Communication).
 */
export const STAGGERED: Scenario = {
  id: 'S03',
  title: 'staggered: leechers come by chance and leave when they are done, at once or after giving something back',
  defaults: { peers: 500, pieces: 16, pieceBytes: 262_144 },
  settings: {
    ...SWARM_SETTINGS,
    arrivals: {
      value: 4,
      meaning: 'leechers that come in the time in which the seeder can send one piece',
      least: 0.001,
    },
    leave: {
      value: 'onePiece',
      meaning: 'when a leecher leaves: at its completion, one piece sent later, or having sent as much as it received',
      among: ['completion', 'onePiece', 'ratio1'],
    },
    megabits: { value: 0.5, meaning: 'rate of every line, Mbit/s both ways', least: 0.001 },
  },
  plan(input) {
    const megabits = input.number('megabits');
    const link = access({ downMbits: megabits, upMbits: megabits, latencyMs: 5 });
    const perSecond = (input.number('arrivals') * link.upBytesPerSecond) / input.content.pieceBytes;
    const times = poissonTimes(new SeededRandom(input.seed).fork('arrivals'), perSecond, input.peers);
    const peers: PeerPlan[] = [
      { role: 'seeder', link, behaviour: honestNode(input) },
      ...times.map((at): PeerPlan => ({ role: 'leecher', link, behaviour: honestNode(input), arrivesAtSeconds: at })),
    ];
    const lastArrival = times.at(-1) ?? 0;
    const ownSeconds = fileBytes(input) / link.downBytesPerSecond;
    const presence = new Presence();
    return {
      peers,
      limitSeconds: lastArrival + 10 * ownSeconds + 600,
      bound: () => ({ name: 'LB1', seconds: ownSeconds }),
      script: (world, marks) => {
        leaveWhenDone(world, marks, input);
        presence.watch(world, lastArrival);
      },
      checks: ({ ratio, incomplete }) => [
        check('p50 over F/d', 'atMost', 1.1, ratio.p50),
        check(
          'leechers in the last quarter of the arrivals, over those in the second',
          'atMost',
          1.25,
          presence.growth(),
        ),
        check('peers that did not finish', 'atMost', 0, incomplete),
      ],
    };
  },
};

function leaveWhenDone<P extends Payload>(world: World<P>, marks: RunMarks, input: ScenarioInput): void {
  const when = input.text('leave');
  world.onEvent((peer, event) => {
    if (event.kind !== 'complete' || peer.isSeeder) return;
    const { sentPayloadBytes } = peer.host;
    const owed = when === 'onePiece' ? sentPayloadBytes + input.content.pieceBytes : fileBytes(input);
    leaveAfter(world, peer, when === 'completion' ? 0 : owed);
    marks.happened('done');
  });
}

/** As soon as it has sent so much. */
function leaveAfter<P extends Payload>(world: World<P>, peer: SimPeer<P>, bytes: number): void {
  world.at(world.nowSeconds, () => {
    if (peer.host.sentPayloadBytes >= bytes) peer.leave();
    else world.at(world.nowSeconds + LOOK_SECONDS, () => leaveAfter(world, peer, bytes));
  });
}

/** How many leechers there are, while others arrive. */
class Presence {
  readonly #counts: number[] = [];

  watch<P extends Payload>(world: World<P>, untilSeconds: number): void {
    let done = 0;
    world.onEvent((peer, event) => {
      if (event.kind === 'complete' && !peer.isSeeder) done += 1;
    });
    for (let look = 1; look <= LOOKS; look += 1) {
      world.at((untilSeconds * look) / LOOKS, () => {
        this.#counts.push(world.peers.length - 1 - done);
      });
    }
  }

  /** Above 1 if there were ever more; the first quarter is left out, in which the swarm fills. */
  growth(): number {
    const quarter = Math.floor(this.#counts.length / 4);
    return mean(this.#counts.slice(3 * quarter)) / mean(this.#counts.slice(quarter, 2 * quarter));
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

const LOOK_SECONDS = 1;
const LOOKS = 400;
