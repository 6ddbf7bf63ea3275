import { hostBytes, samePeerAddress, type PeerAddress } from '@p2p/wire';

/**
 * Where a host is, as far as its address tells: `nowhere` for what nobody can dial (unspecified, multicast, broadcast,
 * reserved), `name` for what is no IP address.
 */
export type HostScope = 'public' | 'private' | 'loopback' | 'nowhere' | 'name';

/** What is known about an address besides itself. */
export interface AddressContext {
  /** The peer that told us of it; undefined if a person did, or our own memory. */
  readonly from?: PeerAddress | undefined;
  /** Addresses of our own. */
  readonly own?: readonly PeerAddress[];
}

/**
 * Whether we may dial an address at all (protocol.md, C8 and D2 row 11).
 *
 * What a peer tells must not lead us where it could not look itself: addresses of this machine are believed only from
 * this machine, those of a private network only from within one. A person may name anything.
 */
export function isDialable(address: PeerAddress, context: AddressContext = {}): boolean {
  const { from, own = [] } = context;
  if (!Number.isInteger(address.port) || address.port < 1 || address.port > 65_535) return false;
  if (own.some((ours) => samePeerAddress(ours, address))) return false;
  const scope = hostScope(address.host);
  if (scope === 'nowhere') return false;
  if (from === undefined) return true;
  switch (scope) {
    case 'public':
      return true;
    case 'private':
      return hostScope(from.host) !== 'public';
    case 'loopback':
      return hostScope(from.host) === 'loopback';
    case 'name':
      return false;
  }
}

/**
 * Ports below 1024 belong to other services, and may be a victim's: dialled only when more than one source names them.
 *
 * @see D2 row 11: thousands of nodes told to knock at one mail server
 */
export function needsConfirmation(address: PeerAddress): boolean {
  return address.port < FIRST_USER_PORT;
}

export function hostScope(host: string): HostScope {
  return facts(host).scope;
}

/**
 * The network that one party is likely to have whole: /24 of IPv4, /48 of IPv6 (D2 row 14). As a key: what it looks like
 * does not matter.
 */
export function networkOf(host: string): string {
  return facts(host).network;
}

/**
 * Who is likely to answer for a host: /16 of IPv4, /32 of IPv6, as Bitcoin groups them; within a private network each host is
 * by itself. As a key: what it looks like does not matter.
 */
export function networkGroupOf(host: string): string {
  return facts(host).group;
}

/** What a host's address says. Of each that is told or linked to it is asked again and again, so it is remembered. */
interface HostFacts {
  readonly scope: HostScope;
  readonly network: string;
  readonly group: string;
}

function facts(host: string): HostFacts {
  const known = remembered.get(host);
  if (known !== undefined) return known;
  const made = makeFacts(host);
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  remembered.set(host, made);
  return made;
}

function makeFacts(host: string): HostFacts {
  const bytes = hostBytes(host);
  if (bytes === undefined) return { scope: 'name', network: host, group: host };
  const isIpv4 = bytes.length === 4;
  const scope = isIpv4 ? ipv4Scope(bytes) : ipv6Scope(bytes);
  return {
    scope,
    network: bytes.subarray(0, isIpv4 ? 3 : 6).join('.'),
    group: scope === 'public' ? bytes.subarray(0, isIpv4 ? 2 : 4).join('.') : host,
  };
}

const remembered = new Map<string, HostFacts>();
/** More hosts than one swarm's peer book holds. */
const MAX_REMEMBERED = 16_384;

function ipv4Scope(bytes: Uint8Array): HostScope {
  const [first = 0, second = 0] = bytes;
  // 0/8 "this network" (RFC 1122), 224/4 multicast, 240/4 reserved, 255.255.255.255 broadcast.
  if (first === 0 || first >= 224) return 'nowhere';
  if (first === 127) return 'loopback';
  return PRIVATE_IPV4.some((range) => range.first === first && second >= range.from && second <= range.to)
    ? 'private'
    : 'public';
}

function ipv6Scope(bytes: Uint8Array): HostScope {
  const [first = 0, second = 0] = bytes;
  const isAllZeroBut = (last: number) => bytes.every((byte, index) => byte === (index === 15 ? last : 0));
  if (isAllZeroBut(1)) return 'loopback';
  // :: unspecified, ff00::/8 multicast; fe80::/10 link-local cannot be dialled without a zone, which no list carries.
  if (isAllZeroBut(0) || first === 0xff || (first === 0xfe && (second & 0xc0) === 0x80)) return 'nowhere';
  // fc00::/7, RFC 4193.
  return (first & 0xfe) === 0xfc ? 'private' : 'public';
}

const FIRST_USER_PORT = 1024;

/** Ranges of the second byte that are private, for a first byte. */
const PRIVATE_IPV4 = [
  { first: 10, from: 0, to: 255 }, // RFC 1918
  { first: 172, from: 16, to: 31 },
  { first: 192, from: 168, to: 168 },
  { first: 169, from: 254, to: 254 }, // link-local, RFC 3927
  { first: 100, from: 64, to: 127 }, // behind a provider's NAT, RFC 6598
] as const;
