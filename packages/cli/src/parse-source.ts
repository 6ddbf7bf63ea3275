import { parseMagnet, parsePeerAddress, type PeerAddress } from '@p2p/wire';

import { CliError } from './cli-error.js';
import { parsePath } from './parse-values.js';
import type { Source, TorrentSource } from './runtime.js';

/**
 * Tells by its form what a person named: a magnet link, HOST:PORT, or else the path of a .torrent file.
 *
 * A file whose name looks like HOST:PORT is reached by a path with a slash (`./name:80`).
 *
 * @throws {CliError} `usage` if a magnet link or an address is not well formed, or there is no text
 */
export function parseSource(text: string): Source {
  const isMagnet = /^magnet:/i.test(text);
  if (!isMagnet && /^[^/\\]*:\d+$/.test(text)) return { kind: 'address', address: parseAddress(text) };
  return parseTorrentSource(text);
}

/**
 * Tells a magnet link from the path of a .torrent file.
 *
 * @throws {CliError} `usage` if a magnet link is not well formed, or there is no text
 */
export function parseTorrentSource(text: string): TorrentSource {
  if (!/^magnet:/i.test(text)) return { kind: 'torrentFile', path: parsePath(text) };
  return { kind: 'magnet', magnet: asUsage(() => parseMagnet(text)) };
}

/**
 * Reads HOST:PORT; a literal IPv6 address stands in brackets.
 *
 * @throws {CliError} `usage`
 */
export function parseAddress(text: string): PeerAddress {
  const address = asUsage(() => parsePeerAddress(text));
  if (address.port === 0) throw new CliError('usage', `expected HOST:PORT with a port from 1 to 65535, got "${text}"`);
  return address;
}

/** What a person typed is judged by the same parsers as what a peer sent; only the kind of failure differs. */
function asUsage<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new CliError('usage', error instanceof Error ? error.message : String(error), { cause: error });
  }
}
