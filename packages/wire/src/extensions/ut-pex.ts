import type { BencodeDictionary } from '../bencode-value.js';
import { encodeBencode } from '../encode-bencode.js';
import { FieldReader } from '../field-reader.js';
import { hostBytes } from '../host.js';
import { decodeCompactPeers4, decodeCompactPeers6, encodeCompactPeers, type PeerAddress } from '../peer-address.js';
import { WireError } from '../wire-error.js';
import { decodeExtensionDictionary } from './extension-dictionary.js';

/** A peer that another tells us of. */
export interface PexPeer {
  readonly address: PeerAddress;
  /** Sum of `PEX_FLAGS`; 0 when the sender said nothing usable. */
  readonly flags: number;
}

/** What changed among the peers of the sender since its last message. */
export interface UtPex {
  readonly added: readonly PexPeer[];
  readonly dropped: readonly PeerAddress[];
}

/**
 * What a flag byte says about a peer.
 *
 * @see BEP 11
 */
export const PEX_FLAGS = {
  prefersEncryption: 0x01,
  uploadOnly: 0x02,
  supportsUtp: 0x04,
  supportsHolepunch: 0x08,
  reachable: 0x10,
} as const;

/** Most addresses read of each of the four lists, twice what libtorrent sends; the rest is passed over. */
export const MAX_PEX_ADDRESSES = 200;

const LIMITS = { maxDepth: 10, maxTokens: 200 };
const IPV4_BYTES = 6;
const IPV6_BYTES = 18;

/**
 * The payload of a `ut_pex` message (after the extension id). Flags are always sent: libtorrent ignores `added` without them.
 * Addresses whose host is a name are left out.
 *
 * @throws {RangeError} if a port or a flag byte is out of range
 * @see BEP 11
 */
export function encodeUtPex(message: UtPex): Uint8Array {
  const added = encodeCompactPeers(message.added.map((peer) => peer.address));
  const dropped = encodeCompactPeers(message.dropped);
  return encodeBencode({
    added: added.ipv4,
    'added.f': flagsOf(message.added, 4),
    added6: added.ipv6,
    'added6.f': flagsOf(message.added, 16),
    dropped: dropped.ipv4,
    dropped6: dropped.ipv6,
  });
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
  return {
    added: [...addedPeers(dictionary, 'added', IPV4_BYTES), ...addedPeers(dictionary, 'added6', IPV6_BYTES)],
    dropped: [...addresses(dictionary, 'dropped', IPV4_BYTES), ...addresses(dictionary, 'dropped6', IPV6_BYTES)],
  };
}

function flagsOf(peers: readonly PexPeer[], hostLength: number): Uint8Array {
  const chosen = peers.filter(({ address }) => hostBytes(address.host)?.length === hostLength);
  for (const { flags } of chosen) {
    if (Number.isInteger(flags) && flags >= 0 && flags <= 0xff) continue;
    throw new RangeError(`flags: expected an integer from 0 to 255, got ${flags}`);
  }
  return Uint8Array.from(chosen, ({ flags }) => flags);
}

function addedPeers(dictionary: BencodeDictionary, key: string, entryBytes: number): PexPeer[] {
  const fields = new FieldReader(dictionary, 'bad-extension', 'ut_pex');
  const flags = fields.bytes(`${key}.f`);
  const isMatching = flags?.length === (fields.bytes(key)?.length ?? 0) / entryBytes;
  return addresses(dictionary, key, entryBytes).map((address, index) => ({
    address,
    flags: isMatching ? (flags[index] ?? 0) : 0,
  }));
}

function addresses(dictionary: BencodeDictionary, key: string, entryBytes: number): PeerAddress[] {
  const bytes = new FieldReader(dictionary, 'bad-extension', 'ut_pex').bytes(key);
  if (bytes === undefined) return [];
  if (bytes.length % entryBytes !== 0) {
    throw new WireError('bad-extension', `"${key}": expected a multiple of ${entryBytes} bytes, found ${bytes.length}`);
  }
  const head = bytes.subarray(0, MAX_PEX_ADDRESSES * entryBytes);
  return entryBytes === IPV4_BYTES ? decodeCompactPeers4(head) : decodeCompactPeers6(head);
}
