import type { Payload } from '@p2p/swarm';

import { quantile } from '../../run/quantile.js';
import type { Bound } from '../bounds.js';
import type { ModelResult } from '../model-result.js';
import type { World } from '../world/world.js';
import { honestUplinks } from './sampler.js';

/** The figures of a run that its world holds at the end. */
export type RunFigures = Pick<
  ModelResult,
  | 'completionSeconds'
  | 'incomplete'
  | 'ratio'
  | 'seederCopies'
  | 'duplicateShare'
  | 'wastedShare'
  | 'controlShare'
  | 'uplinkUse'
>;

/**
 * @param bound the ratios are taken to it
 * @param scenario whether nobody is expected to finish, as nobody has the content
 */
export function measureRun<P extends Payload>(
  world: World<P>,
  bound: Bound,
  { isContentMissing }: { readonly isContentMissing: boolean },
): RunFigures {
  const leechers = world.peers.filter((peer) => !peer.isSeeder && peer.isHonest);
  const completionSeconds = leechers
    .flatMap((peer) =>
      peer.completedAtSeconds === undefined ? [] : [round(peer.completedAtSeconds - peer.startedAtSeconds)],
    )
    .sort((a, b) => a - b);
  const late = leechers.filter((peer) => peer.completedAtSeconds === undefined && peer.isAlive);
  const unfinished = isContentMissing ? 0 : late.length;
  const uplinks = honestUplinks(world);
  // Who did not finish counts as infinitely late, so that losing slow peers cannot improve a quantile.
  const times = [...completionSeconds, ...Array.from({ length: unfinished }, () => Infinity)];
  const ratioAt = (share: number): number => round((quantile(times, share) ?? Infinity) / bound.seconds);
  return {
    completionSeconds,
    incomplete: unfinished,
    ratio: { p50: ratioAt(0.5), p95: ratioAt(0.95), max: ratioAt(1) },
    ...traffic(world),
    uplinkUse: round(uplinks.sentBytes / uplinks.capacityBytes),
  };
}

function traffic<P extends Payload>(
  world: World<P>,
): Pick<RunFigures, 'seederCopies' | 'duplicateShare' | 'wastedShare' | 'controlShare'> {
  const fileBytes = world.content.metainfo.layout.totalBytes;
  let [neededBytes, wastedBytes, corruptBytes, sentBytes, payloadBytes] = [0, 0, 0, 0, 0];
  for (const peer of world.peers) {
    const status = peer.swarm.status();
    wastedBytes += status.wastedBytes;
    corruptBytes += status.corruptBytes;
    if (!peer.isSeeder) neededBytes += status.haveBytes;
    sentBytes += peer.host.sentBytes;
    payloadBytes += peer.host.sentPayloadBytes;
  }
  // Not always peer 0: the bootstrap of S12 may be a leecher.
  const seederBytes = world.peers.find(({ isSeeder }) => isSeeder)?.host.sentPayloadBytes ?? 0;
  return {
    seederCopies: round(seederBytes / fileBytes),
    duplicateShare: share(wastedBytes - corruptBytes, neededBytes),
    wastedShare: share(wastedBytes, neededBytes),
    controlShare: share(sentBytes - payloadBytes, payloadBytes),
  };
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : round(part / whole);
}

function round(value: number): number {
  return Math.round(value * 100_000) / 100_000;
}
