import { basename } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { CliError, type CommandContext, formatBytes } from '@p2p/cli';
import { type PeerNode, SwarmError } from '@p2p/swarm';
import { type CatalogEntry, formatMagnet, formatPeerAddress, type PeerAddress, printable } from '@p2p/wire';

import { Deferred, orAborted } from './deferred.js';

/** What a peer shares. */
export interface Catalog {
  readonly address: PeerAddress;
  readonly entries: readonly CatalogEntry[];
}

/**
 * Asks a peer what it shares.
 *
 * @throws {SwarmError} `unreachable` or `no-catalog`
 */
export async function askForCatalog(node: PeerNode, address: PeerAddress, signal: AbortSignal): Promise<Catalog> {
  const catalog = new Deferred<Catalog>();
  const cancel = node.listCatalog(address, (outcome) => {
    if (outcome.kind === 'listed') catalog.resolve({ address, entries: outcome.entries });
    else catalog.reject(outcome.error);
  });
  try {
    return await orAborted(catalog.promise, signal);
  } finally {
    cancel();
  }
}

/**
 * Asks peers what they share until one shares something.
 *
 * A peer may be about to start, or not yet know the list of pieces of what it fetches itself: for half a minute the
 * question is repeated.
 *
 * @returns undefined if peers answered, and shared nothing
 * @throws {SwarmError} the failure of the first peer, if none answered
 */
export async function findCatalog(
  node: PeerNode,
  addresses: readonly PeerAddress[],
  { log, signal }: CommandContext,
): Promise<Catalog | undefined> {
  const deadlineMs = performance.now() + PATIENCE_MS;
  let hasTold = false;
  for (;;) {
    const { found, failure, isFinal } = await askAll(node, addresses, signal);
    if (found !== undefined) return found;
    if (performance.now() >= deadlineMs || isFinal) {
      if (failure !== undefined) throw failure;
      return undefined;
    }
    const why = failure?.message ?? `${addresses.map(formatPeerAddress).join(', ')} shares nothing yet`;
    if (!hasTold) log('info', `${why} (asking again for ${PATIENCE_MS / 1000} seconds)`);
    hasTold = true;
    await delay(ASK_AGAIN_MS, undefined, { signal });
  }
}

/**
 * The one share that is meant: the only one, or the one with the name of `path`.
 *
 * @throws {CliError} `usage` with the list, and how to choose, if it is not clear
 */
export function chooseShare({ address, entries }: Catalog, path?: string): CatalogEntry {
  const named = path === undefined ? [] : entries.filter((entry) => entry.name === basename(path));
  const [choice, second] = named.length > 0 ? named : entries;
  if (choice !== undefined && second === undefined) return choice;
  const lines = entries.slice(0, MAX_LISTED).map((entry) => {
    const { infoHash, name, length } = entry;
    const magnet = formatMagnet({ infoHash, name, length, peers: [address] });
    return `  ${printable(name)}  ${formatBytes(length)}\n    p2p-peer get '${magnet}'`;
  });
  const more = entries.length > MAX_LISTED ? [`  … and more: p2p-peer list ${formatPeerAddress(address)}`] : [];
  const intro = `${formatPeerAddress(address)} shares ${entries.length} things; choose one:`;
  throw new CliError('usage', [intro, ...lines, ...more].join('\n'));
}

/** One round of questions. It is final if every peer closed the connection: none of them will ever answer. */
async function askAll(
  node: PeerNode,
  addresses: readonly PeerAddress[],
  signal: AbortSignal,
): Promise<{ readonly found?: Catalog; readonly failure?: SwarmError; readonly isFinal: boolean }> {
  const failures: SwarmError[] = [];
  for (const address of addresses) {
    try {
      const catalog = await askForCatalog(node, address, signal);
      if (catalog.entries.length > 0) return { found: catalog, isFinal: true };
    } catch (error) {
      if (!(error instanceof SwarmError)) throw error;
      failures.push(error);
    }
  }
  const [failure] = failures;
  if (failure === undefined || failures.length < addresses.length) return { isFinal: false };
  return { failure, isFinal: failures.every(({ code }) => code === 'no-catalog') };
}

const PATIENCE_MS = 30_000;
const ASK_AGAIN_MS = 500;
const MAX_LISTED = 20;
