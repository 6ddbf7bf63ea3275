import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';

import { CliError, type CommandContext } from '@p2p/cli';
import { hostBytes, type PeerAddress } from '@p2p/wire';

/**
 * The address to tell others for a node that listens somewhere: the same, unless it listens everywhere; then one that
 * other machines can reach, or loopback if there is none.
 */
export function advertisedAddress(listening: PeerAddress): PeerAddress {
  if (listening.host !== '::' && listening.host !== '0.0.0.0') return listening;
  return { host: reachableHost() ?? '127.0.0.1', port: listening.port };
}

/**
 * Addresses with every name replaced by what it stands for: a swarm compares addresses, and tells them to others.
 *
 * A name that nobody knows is left out, with a warning: links outlive the machines they name, and another peer will do.
 *
 * @param isNeeded whether the work cannot be done without any address
 * @throws {CliError} `not-found` if one is needed, and there are only names that nobody knows
 */
export async function resolveHosts(
  addresses: readonly PeerAddress[],
  log: CommandContext['log'],
  isNeeded: boolean,
): Promise<PeerAddress[]> {
  const outcomes = await Promise.all(addresses.map(resolveHost));
  const resolved = outcomes.flatMap((outcome) => outcome.addresses);
  const failures = outcomes.flatMap(({ failure }) => (failure === undefined ? [] : [failure]));
  if (isNeeded && resolved.length === 0 && failures.length > 0) throw new CliError('not-found', failures.join('\n'));
  for (const failure of failures) log('warn', failure);
  return resolved;
}

interface HostOutcome {
  readonly addresses: readonly PeerAddress[];
  /** Why there is none, for people. */
  readonly failure?: string;
}

async function resolveHost({ host, port }: PeerAddress): Promise<HostOutcome> {
  if (hostBytes(host) !== undefined) return { addresses: [{ host, port }] };
  try {
    const found = await lookup(host, { all: true });
    return { addresses: found.slice(0, MAX_ADDRESSES_OF_NAME).map(({ address }) => ({ host: address, port })) };
  } catch {
    const failure = `the name ${host} stands for no address; check its spelling, or give the address`;
    return { addresses: [], failure };
  }
}

/** The first address that is not only for this machine: IPv4 if there is one, for every peer has that. */
function reachableHost(): string | undefined {
  const hosts = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, address }) => !internal && !address.startsWith('fe80:'))
    .map(({ address }) => address);
  return hosts.find((host) => isIP(host) === 4) ?? hosts[0];
}

/** A name with more addresses than this is a service, not a person's machine. */
const MAX_ADDRESSES_OF_NAME = 8;
