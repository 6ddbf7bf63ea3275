import { join } from 'node:path';

import { planAddresses } from './address-plan.js';
import type { PlannedAddress } from './address-plan.js';
import type { RunOptions } from './run-options.js';

/** One node of a run before it is started. Seeders come first; node 0 is the one everybody is told of. */
export interface NodePlan {
  readonly nodeIndex: number;
  /** `seeder-1`, `peer-1`, …: how people see the node. */
  readonly name: string;
  readonly role: 'seeder' | 'leecher';
  readonly address: PlannedAddress;
  /** The file it shares, or makes. */
  readonly path: string;
  /** Where the node keeps what it remembers between two starts; its own. */
  readonly stateFolder: string;
}

/**
 * Plans every node of a run.
 *
 * @param places the original file, which all seeders share, and a folder for everything else
 */
export function planNodes(
  options: Pick<RunOptions, 'nodeCount' | 'seederCount'>,
  places: { originalPath: string; folder: string },
  platform: string,
): NodePlan[] {
  return planAddresses(options.nodeCount, platform).map((address, nodeIndex) => {
    const isSeeder = nodeIndex < options.seederCount;
    const name = isSeeder ? `seeder-${nodeIndex + 1}` : `peer-${nodeIndex + 1 - options.seederCount}`;
    return {
      nodeIndex,
      name,
      role: isSeeder ? 'seeder' : 'leecher',
      address,
      path: isSeeder ? places.originalPath : join(places.folder, `${name}.bin`),
      stateFolder: join(places.folder, `${name}.state`),
    };
  });
}

/**
 * The arguments of the node's program (`design.md` section 5).
 *
 * @param peers the addresses it is told, as HOST:PORT; none for the first seeder
 */
export function nodeArguments(
  plan: NodePlan,
  peers: readonly string[],
  options: Pick<RunOptions, 'pieceLengthBytes' | 'uploadBytesPerSecond' | 'downloadBytesPerSecond'>,
): string[] {
  const role = plan.role === 'seeder' ? ['share', plan.path] : ['--file', plan.path];
  return [
    ...role,
    ...(plan.role === 'seeder' ? option('--piece-size', options.pieceLengthBytes) : []),
    ...['--bind', plan.address.host, '--port', String(plan.address.port)],
    ...peers.flatMap((peer) => ['--peer', peer]),
    ...['--state-dir', plan.stateFolder, '--json'],
    ...option('--limit-up', options.uploadBytesPerSecond),
    ...option('--limit-down', options.downloadBytesPerSecond),
  ];
}

function option(name: string, value: number | undefined): string[] {
  return value === undefined ? [] : [name, String(value)];
}
