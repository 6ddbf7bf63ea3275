import { readUint16, writeUint16 } from './byte-order.js';
import { hostBytes, hostFromBytes, ipv4FromBytes } from './host.js';
import { printable } from './printable.js';
import { WireError } from './wire-error.js';

/** Where a peer can be dialled. */
export interface PeerAddress {
  /** An IPv4 or IPv6 literal without brackets, or a name that a person typed. */
  readonly host: string;
  /** 1 to 65535; 0 only where a port is chosen for us. */
  readonly port: number;
}

const COMPACT_IPV4_BYTES = 6;
const COMPACT_IPV6_BYTES = 18;
/** Longest name in the domain name system (RFC 1035). */
const MAX_NAME_LENGTH = 253;

/**
 * Reads `HOST:PORT` or `[IPV6]:PORT`. Literals come out in canonical form, names in lower case.
 *
 * @throws {WireError} `bad-address` if it is anything else; the port must be from 1 to 65535
 * @example
 * parsePeerAddress('[2001:DB8::0:1]:6881'); // { host: '2001:db8::1', port: 6881 }
 */
export function parsePeerAddress(text: string): PeerAddress {
  const match = /^(?:\[([^[\]]+)\]|([^:[\]]+)):([0-9]{1,5})$/.exec(text);
  const [, bracketed, plain, digits] = match ?? [];
  const port = Number(digits);
  const host = bracketed === undefined ? canonicalHost(plain ?? '') : canonicalIpv6(bracketed);
  if (match !== null && host !== undefined && isPortToDial(port)) return { host, port };
  throw new WireError(
    'bad-address',
    `expected HOST:PORT or [IPV6]:PORT with a port from 1 to 65535, found "${printable(text, 80)}"`,
  );
}

/** Whether `parsePeerAddress` reads what `formatPeerAddress` writes of it. */
export function canBeDialled({ host, port }: PeerAddress): boolean {
  return isPortToDial(port) && canonicalHost(host) !== undefined;
}

/** `HOST:PORT`, an IPv6 literal in brackets. */
export function formatPeerAddress(address: PeerAddress): string {
  return remembered(address.host, address.port).text;
}

/**
 * The same address as one object, and its text, for each of many hosts: tables are kept by the text, and what peers tell over
 * and over need not lie in every table again.
 */
function remembered(host: string, port: number): Remembered {
  const known = lastOfHost.get(host);
  if (known?.port === port) return known;
  const made = { port, address: { host, port }, text: host.includes(':') ? `[${host}]:${port}` : `${host}:${port}` };
  if (lastOfHost.size >= MAX_REMEMBERED) lastOfHost.clear();
  lastOfHost.set(host, made);
  return made;
}

interface Remembered {
  readonly port: number;
  readonly address: PeerAddress;
  readonly text: string;
}

const lastOfHost = new Map<string, Remembered>();
/** More hosts than one swarm's peer book holds; some megabytes. */
const MAX_REMEMBERED = 16_384;

/** Whether two addresses are the same place, however their hosts are written. */
export function samePeerAddress(a: PeerAddress, b: PeerAddress): boolean {
  if (a.port !== b.port) return false;
  if (a.host === b.host) return true;
  // Only IPv6 has several spellings of one host that differ in more than case; this question is asked very often.
  const mayDiffer = a.host.includes(':') || b.host.includes(':');
  if (!mayDiffer && a.host.toLowerCase() !== b.host.toLowerCase()) return false;
  const canonical = canonicalHost(a.host);
  return canonical !== undefined && canonical === canonicalHost(b.host);
}

/**
 * Addresses in compact form, in the order given: 6 bytes each for IPv4, 18 for IPv6. Names have no such form and are left out.
 *
 * @throws {RangeError} if a port is not from 0 to 65535
 * @see BEP 23, BEP 7
 */
export function encodeCompactPeers(addresses: readonly PeerAddress[]): {
  readonly ipv4: Uint8Array;
  readonly ipv6: Uint8Array;
} {
  const hosts = addresses.map(({ host, port }) => ({ bytes: hostBytes(host), port }));
  return {
    ipv4: packPeers(
      hosts.filter(({ bytes }) => bytes?.length === 4),
      4,
    ),
    ipv6: packPeers(
      hosts.filter(({ bytes }) => bytes?.length === 16),
      16,
    ),
  };
}

/**
 * IPv4 addresses from compact form, in order. Port 0 is not filtered here: whom to believe is the receiver's decision.
 *
 * @throws {WireError} `bad-address` if the length is no multiple of 6
 * @see BEP 23
 */
export function decodeCompactPeers4(bytes: Uint8Array): PeerAddress[] {
  return unpack(bytes, COMPACT_IPV4_BYTES);
}

/**
 * IPv6 addresses from compact form, in order.
 *
 * @throws {WireError} `bad-address` if the length is no multiple of 18
 * @see BEP 7
 */
export function decodeCompactPeers6(bytes: Uint8Array): PeerAddress[] {
  return unpack(bytes, COMPACT_IPV6_BYTES);
}

/**
 * Hosts of one family, each followed by its port.
 *
 * @throws {RangeError} if a port is not from 0 to 65535
 */
export function packPeers(
  hosts: readonly { readonly bytes: Uint8Array | undefined; readonly port: number }[],
  size: number,
): Uint8Array {
  const packed = new Uint8Array(hosts.length * (size + 2));
  hosts.forEach(({ bytes, port }, index) => {
    if (!Number.isInteger(port) || port < 0 || port > 65_535) {
      throw new RangeError(`port: expected an integer from 0 to 65535, got ${port}`);
    }
    const offset = index * (size + 2);
    packed.set(bytes ?? [], offset);
    writeUint16(packed, offset + size, port);
  });
  return packed;
}

function unpack(bytes: Uint8Array, size: number): PeerAddress[] {
  if (bytes.length % size !== 0) {
    throw new WireError('bad-address', `expected a multiple of ${size} bytes, found ${bytes.length}`);
  }
  const addresses: PeerAddress[] = [];
  for (let offset = 0; offset < bytes.length; offset += size) {
    const portOffset = offset + size - 2;
    const host =
      size === COMPACT_IPV4_BYTES ? ipv4FromBytes(bytes, offset) : hostFromBytes(bytes.subarray(offset, portOffset));
    addresses.push(remembered(host, readUint16(bytes, portOffset)).address);
  }
  return addresses;
}

function isPortToDial(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= 65_535;
}

/** One spelling for each host; nothing if it is neither a literal nor a name. */
function canonicalHost(host: string): string | undefined {
  const bytes = hostBytes(host);
  if (bytes !== undefined) return hostFromBytes(bytes);
  // A name of digits and dots only would be a mistyped IPv4 literal.
  const isName = /^(?=.*[a-z_-])[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?\.?$/i.test(host) && host.length <= MAX_NAME_LENGTH;
  return isName ? host.toLowerCase() : undefined;
}

function canonicalIpv6(host: string): string | undefined {
  return host.includes(':') ? canonicalHost(host) : undefined;
}
