import type { FieldReader } from '../field-reader.js';
import { hostBytes } from '../host.js';
import { decodeCompactPeers4, decodeCompactPeers6, packPeers, type PeerAddress } from '../peer-address.js';

/** A peer that another tells us of. */
export interface PexPeer {
  readonly address: PeerAddress;
  /** Sum of `PEX_FLAGS`; 0 when the sender said nothing usable. */
  readonly flags: number;
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

const IPV4_BYTES = 6;
const IPV6_BYTES = 18;

/**
 * Peers as the four keys `NAME`, `NAME.f`, `NAME6` and `NAME6.f`: compact addresses, and a flag byte for each.
 *
 * @throws {RangeError} if a port or a flag byte is out of range
 */
export function encodePexPeers(name: string, peers: readonly PexPeer[]): Record<string, Uint8Array> {
  const hosts = peers.map(({ address, flags }) => ({ bytes: hostBytes(address.host), port: address.port, flags }));
  const ipv4 = hosts.filter(({ bytes }) => bytes?.length === 4);
  const ipv6 = hosts.filter(({ bytes }) => bytes?.length === 16);
  return {
    [name]: packPeers(ipv4, 4),
    [`${name}.f`]: flagBytes(ipv4),
    [`${name}6`]: packPeers(ipv6, 16),
    [`${name}6.f`]: flagBytes(ipv6),
  };
}

/**
 * Reads what `encodePexPeers` wrote: IPv4 first, then IPv6, at most `limit` of each. Flags that are absent, or not as many as
 * the addresses, are read as 0.
 *
 * @throws {WireError} `bad-extension` if a list is no string, or no multiple of its entry
 */
export function readPexPeers(fields: FieldReader, name: string, limit: number): PexPeer[] {
  return [...readFlagged(fields, name, IPV4_BYTES, limit), ...readFlagged(fields, `${name}6`, IPV6_BYTES, limit)];
}

/** As `readPexPeers`, of addresses without flags. */
export function readAddresses(fields: FieldReader, name: string, limit: number): PeerAddress[] {
  return [...readCompact(fields, name, IPV4_BYTES, limit), ...readCompact(fields, `${name}6`, IPV6_BYTES, limit)];
}

function flagBytes(peers: readonly { readonly flags: number }[]): Uint8Array {
  for (const { flags } of peers) {
    if (Number.isInteger(flags) && flags >= 0 && flags <= 0xff) continue;
    throw new RangeError(`flags: expected an integer from 0 to 255, got ${flags}`);
  }
  const bytes = new Uint8Array(peers.length);
  for (const [index, { flags }] of peers.entries()) bytes[index] = flags;
  return bytes;
}

function readFlagged(fields: FieldReader, key: string, entryBytes: number, limit: number): PexPeer[] {
  const flags = fields.bytes(`${key}.f`);
  const isMatching = flags?.length === (fields.bytes(key)?.length ?? 0) / entryBytes;
  return readCompact(fields, key, entryBytes, limit).map((address, index) => ({
    address,
    flags: isMatching ? (flags[index] ?? 0) : 0,
  }));
}

function readCompact(fields: FieldReader, key: string, entryBytes: number, limit: number): PeerAddress[] {
  const bytes = fields.bytes(key);
  if (bytes === undefined) return [];
  if (bytes.length % entryBytes !== 0) {
    throw fields.error(`"${key}": expected a multiple of ${entryBytes} bytes, found ${bytes.length}`);
  }
  const head = bytes.subarray(0, limit * entryBytes);
  return entryBytes === IPV4_BYTES ? decodeCompactPeers4(head) : decodeCompactPeers6(head);
}
