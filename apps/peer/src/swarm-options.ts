import type { NodeSettings } from '@p2p/cli';
import { DEFAULT_SWARM_OPTIONS, type SwarmOptions } from '@p2p/swarm';

import packageJson from '../package.json' with { type: 'json' };

/**
 * The options of each swarm of a node.
 *
 * @param swarmCount swarms among which the limits of rate are divided
 */
export function swarmOptions(
  { uploadBytesPerSecond: up, downloadBytesPerSecond: down, maxPeers }: NodeSettings,
  swarmCount: number,
): Partial<SwarmOptions> {
  const share = (rate: number) => Math.max(1, Math.floor(rate / swarmCount));
  return {
    clientName: `p2p-peer ${packageJson.version}`,
    ...(up === undefined ? {} : { uploadBytesPerSecond: share(up) }),
    ...(down === undefined ? {} : { downloadBytesPerSecond: share(down) }),
    ...(maxPeers === undefined ? {} : { maxPeers, targetPeers: linksAimedAt(maxPeers) }),
  };
}

/** As many as without a limit, for more places are for rushes; where places are few, some are left to those who dial us. */
function linksAimedAt(maxPeers: number): number {
  return Math.max(1, Math.min(DEFAULT_SWARM_OPTIONS.targetPeers, Math.floor(maxPeers * DIALLED_SHARE)));
}

const DIALLED_SHARE = 0.4;
