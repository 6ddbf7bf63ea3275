import type { Payload } from '@p2p/swarm';
import { SeededRandom } from '@p2p/swarm/testing';

import type { Bound } from '../bounds.js';
import { LINK_PRESETS } from '../links/presets.js';
import { check, type Scenario } from '../scenario.js';
import type { PeerPlan } from '../world/peer-plan.js';
import type { SimPeer } from '../world/sim-peer.js';
import type { World } from '../world/world.js';
import { poissonTimes, weibullSeconds } from './arrivals.js';
import { crowd, fileBytes } from './flash-crowd-plan.js';
import { honestNode, SWARM_SETTINGS } from './swarm-settings.js';

/**
 * S07: everybody stays for a time that has nothing to do with the download: most are soon gone, some stay for very long, as in
 * traces of real swarms. Others come in their place, by chance.
 */
export const SESSIONS: Scenario = {
  id: 'S07',
  title: 'realistic churn: sessions with a Weibull distribution, killed at their end, and arrivals by chance',
  defaults: { peers: 200, pieces: 256, pieceBytes: 65_536, link: 'sdsl' },
  settings: {
    ...SWARM_SETTINGS,
    shape: {
      value: 0.6,
      meaning: 'shape of the distribution of sessions; traces of BitTorrent have 0.34 to 0.82',
      least: 0.1,
    },
    sessions: { value: 4, meaning: 'mean session, in times that one needs for the file at the least', least: 0.01 },
    arrivalTimes: { value: 3, meaning: 'how long others arrive, in such times', most: 1_000 },
  },
  plan(input) {
    const link = LINK_PRESETS[input.link];
    const random = new SeededRandom(input.seed).fork('sessions');
    const ownSeconds = fileBytes(input) / Math.min(link.upBytesPerSecond, link.downBytesPerSecond);
    const mean = input.number('sessions') * ownSeconds;
    const arrivalSeconds = input.number('arrivalTimes') * ownSeconds;
    // As many come as go: the expected number within the time, at times of a Poisson process.
    const perSecond = input.peers / mean;
    const times = poissonTimes(random.fork('arrivals'), perSecond, Math.round(perSecond * arrivalSeconds));
    const newcomers = times.map((at): PeerPlan => {
      return { role: 'leecher', link, behaviour: honestNode(input), arrivesAtSeconds: at };
    });
    const peers = [...crowd(input, link, () => ({ link })), ...newcomers];
    return {
      peers,
      limitSeconds: (times.at(-1) ?? 0) + 10 * ownSeconds + 600,
      bound: (world) => (world.peers.length > 0 ? sharedBound(world) : { name: 'LBt', seconds: ownSeconds }),
      script: (world, marks) => {
        for (const [index, { role, arrivesAtSeconds = 0 }] of peers.entries()) {
          const session = weibullSeconds(random, { mean, shape: input.number('shape') });
          if (role === 'seeder') continue;
          world.at(arrivesAtSeconds + session, () => {
            const peer = world.peers[index];
            if (peer?.completedAtSeconds === undefined) marks.happened('gone before it was done');
            peer?.kill();
            marks.recheck();
          });
        }
      },
      checks: ({ ratio, incomplete }) => [
        check('p95 of those who stayed, over the bound', 'atMost', 1.2, ratio.p95),
        check('peers that did not finish', 'atMost', 0, incomplete),
      ],
    };
  },
};

/**
 * LBt for one peer: the file at the rate that the uplinks there were had for each who wanted something, or at that of its
 * downlink if that is less.
 */
function sharedBound<P extends Payload>(world: World<P>): Bound {
  let [capacityBytes, wantingSeconds, downBytesPerSecond] = [0, 0, Infinity];
  for (const peer of world.peers) {
    capacityBytes += peer.plan.link.upBytesPerSecond * stay(peer, world.nowSeconds);
    if (peer.isSeeder) continue;
    wantingSeconds += stay(peer, peer.completedAtSeconds ?? world.nowSeconds);
    downBytesPerSecond = Math.min(downBytesPerSecond, peer.plan.link.downBytesPerSecond);
  }
  const share = wantingSeconds > 0 ? capacityBytes / wantingSeconds : Infinity;
  const { totalBytes } = world.content.metainfo.layout;
  return { name: 'LBt', seconds: totalBytes / Math.min(share, downBytesPerSecond) };
}

/** Seconds that a peer was there until some time. */
function stay<P extends Payload>({ startedAtSeconds, endedAtSeconds }: SimPeer<P>, until: number): number {
  return Math.min(endedAtSeconds ?? Infinity, until) - startedAtSeconds;
}
