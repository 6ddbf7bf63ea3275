import type { Payload } from '@p2p/swarm';

import { LINK_PRESETS } from '../links/presets.js';
import { check, type RunMarks, type Scenario } from '../scenario.js';
import type { World } from '../world/world.js';
import { crowd, crowdBound, isAmong, patience } from './flash-crowd-plan.js';
import { honestNode, SWARM_SETTINGS } from './swarm-settings.js';

/** S08: some peers send spoilt blocks of what they fetched: nothing else, or one now and then, which is harder to catch. */
export const POLLUTERS: Scenario = {
  id: 'S08',
  title: 'polluters: a share of the leechers spoils the blocks that it sends, all of them or one in so many',
  defaults: { peers: 200, pieces: 256, pieceBytes: 65_536, link: 'sdsl' },
  settings: {
    ...SWARM_SETTINGS,
    pollutingShare: { value: 0.1, meaning: 'share of the leechers that pollute', most: 1 },
    oneIn: { value: 1, meaning: 'of so many blocks that a polluter sends one is spoilt', least: 1, isWhole: true },
  },
  plan(input) {
    const link = LINK_PRESETS[input.link];
    const share = input.number('pollutingShare');
    const polluter = { ...honestNode(input), name: 'polluter', poisonsOneIn: input.number('oneIn') };
    const peers = crowd(input, link, (index) => (isAmong(index, share) ? { link, behaviour: polluter } : { link }));
    // They need nothing that others must bring.
    const bound = crowdBound(
      input,
      peers.filter(({ behaviour }) => behaviour?.name !== polluter.name),
    );
    const victims = new Victims();
    return {
      peers,
      limitSeconds: patience(bound),
      bound: () => bound,
      script: (world, marks) => {
        victims.watch(world, marks);
      },
      checks: ({ ratio, incomplete, wastedShare }) => [
        check('maximum over the bound', 'atMost', 1.15, ratio.max),
        check('thrown away, of what was needed', 'atMost', 0.01, wastedShare),
        check(
          'of it spoilt',
          'atMost',
          0.01,
          victims.spoiltPieces / (input.content.pieces * input.peers * (1 - share)),
        ),
        check('spoilt pieces for each ban, at the worst of the victims', 'atMost', 2, victims.worst()),
        check('bans of honest peers', 'atMost', 0, victims.honestBans),
        check('peers that did not finish', 'atMost', 0, incomplete),
      ],
    };
  },
};

/** Counts what polluters did to honest peers, and what came of it. */
class Victims {
  spoiltPieces = 0;
  honestBans = 0;
  readonly #spoilt = new Map<number, number>();
  readonly #bans = new Map<number, number>();

  watch<P extends Payload>(world: World<P>, marks: RunMarks): void {
    world.onEvent((peer, event) => {
      if (!peer.isHonest) return;
      if (event.kind === 'pieceCorrupt') {
        this.spoiltPieces += 1;
        count(this.#spoilt, peer.index);
      }
      if (event.kind !== 'peerClosed' || event.reason.code !== 'banned') return;
      marks.happened('ban');
      count(this.#bans, peer.index);
      const banned = world.peers.find(({ address }) => address.host === event.address.host);
      if (banned?.isHonest === true) this.honestBans += 1;
    });
  }

  /** Of those who banned nobody, the pieces that were spoilt. */
  worst(): number {
    const rates = [...this.#spoilt].map(([index, spoilt]) => spoilt / Math.max(1, this.#bans.get(index) ?? 0));
    return Math.max(0, ...rates);
  }
}

function count(counts: Map<number, number>, key: number): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
