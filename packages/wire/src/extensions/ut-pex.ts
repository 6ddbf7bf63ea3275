import { encodeBencode } from '../encode-bencode.js';
import { FieldReader } from '../field-reader.js';
import { encodeCompactPeers, type PeerAddress } from '../peer-address.js';
import { decodeExtensionDictionary } from './extension-dictionary.js';
import { encodePexPeers, readAddresses, readPexPeers, type PexPeer } from './pex-peers.js';

/** What changed among the peers of the sender since its last message. */
export interface UtPex {
  readonly added: readonly PexPeer[];
  readonly dropped: readonly PeerAddress[];
}

/** Most addresses read of each of the four lists, twice what libtorrent sends; the rest is passed over. */
export const MAX_PEX_ADDRESSES = 200;

const LIMITS = { maxDepth: 10, maxTokens: 200 };

/**
 * The payload of a `ut_pex` message (after the extension id). Flags are always sent: libtorrent ignores `added` without them.
 * Addresses whose host is a name are left out.
 *
 * @throws {RangeError} if a port or a flag byte is out of range
 * @see BEP 11
 */
export function encodeUtPex(message: UtPex): Uint8Array {
  const dropped = encodeCompactPeers(message.dropped);
  return encodeBencode({ ...encodePexPeers('added', message.added), dropped: dropped.ipv4, dropped6: dropped.ipv6 });
}

/**
 * Decodes the payload of a `ut_pex` message: IPv4 first, then IPv6, at most `MAX_PEX_ADDRESSES` of each list.
 *
 * Flags that are absent, or not as many as the addresses, are read as 0. Nothing here is to be trusted.
 *
 * @throws {WireError} `bad-bencode` or `bad-extension` if it is not as BEP 11 says
 */
export function decodeUtPex(payload: Uint8Array): UtPex {
  const { dictionary } = decodeExtensionDictionary(payload, LIMITS);
  const fields = new FieldReader(dictionary, 'bad-extension', 'ut_pex');
  return {
    added: readPexPeers(fields, 'added', MAX_PEX_ADDRESSES),
    dropped: readAddresses(fields, 'dropped', MAX_PEX_ADDRESSES),
  };
}
