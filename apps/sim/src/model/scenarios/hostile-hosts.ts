import type { Payload } from '@p2p/swarm';

import type { Behaviour } from '../faults/fault.js';
import { HostilePeer } from '../faults/hostile-peer.js';
import { createMisconduct } from '../faults/misconduct.js';
import { LINK_PRESETS } from '../links/presets.js';
import type { ScenarioInput } from '../scenario.js';
import { addressOf } from '../world/sim-peer.js';
import type { World } from '../world/world.js';

/** A hostile behaviour that needs no block to send. */
export type BlocklessBehaviour = Extract<Behaviour, 'liar' | 'tarpit' | 'slotThief' | 'pexPoisoner'>;

/**
 * Starts peers that are no nodes of ours: hosts of their own, at addresses after those of the peers, that know the bootstrap.
 *
 * Call it when the peers are there whom they dial.
 */
export function startHostileHosts<P extends Payload>(
  world: World<P>,
  input: ScenarioInput,
  behaviours: readonly BlocklessBehaviour[],
): void {
  const realAddresses = world.peers.map(({ address }) => address);
  for (const [number, behaviour] of behaviours.entries()) {
    const address = addressOf(world.peers.length + number);
    const { metainfo } = world.content;
    const random = world.random.fork(`${behaviour}/${number}`);
    const surroundings = {
      clock: world.clock,
      random,
      transport: world.network.addHost(address.host, LINK_PRESETS[input.link]),
      openLink: world.mode.openLink({ trace: world.trace }),
      address,
      metainfo,
      targets: [addressOf(0)],
    };
    const means = {
      random,
      layout: metainfo.layout,
      block: (): P => {
        throw new Error(`bug: a ${behaviour} sends no block`);
      },
      realAddresses,
    };
    new HostilePeer<P>(surroundings, createMisconduct<P>(behaviour, means)).start();
  }
}
