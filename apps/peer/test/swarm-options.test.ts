import { DEFAULT_SWARM_OPTIONS } from '@p2p/swarm';
import { describe, expect, it } from 'vitest';

import packageJson from '../package.json' with { type: 'json' };
import { swarmOptions } from '../src/swarm-options.js';

const SETTINGS = { port: 0, peers: [], isListed: true };

describe('swarmOptions', () => {
  it('tells peers the name and version of this program, and leaves to the swarm what nobody chose', () => {
    expect(swarmOptions(SETTINGS, 1)).toEqual({ clientName: `p2p-peer ${packageJson.version}` });
  });

  it('says of the default of --max-peers, given or not, the same', () => {
    const { maxPeers, targetPeers } = DEFAULT_SWARM_OPTIONS;
    expect(swarmOptions({ ...SETTINGS, maxPeers }, 1)).toMatchObject({ maxPeers, targetPeers });
  });

  it.each([
    [1, 1],
    [10, 4],
    [100, 40],
    [10_000, 40],
  ])('of %i places aims at %i links', (maxPeers, targetPeers) => {
    expect(swarmOptions({ ...SETTINGS, maxPeers }, 1)).toMatchObject({ maxPeers, targetPeers });
  });

  it('divides the limits of rate among the swarms, and leaves each something', () => {
    const limits = { uploadBytesPerSecond: 3000, downloadBytesPerSecond: 2 };
    expect(swarmOptions({ ...SETTINGS, ...limits }, 3)).toMatchObject({
      uploadBytesPerSecond: 1000,
      downloadBytesPerSecond: 1,
    });
  });
});
