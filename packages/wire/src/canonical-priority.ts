import { writeUint16 } from './byte-order.js';
import { crc32c } from './crc32c.js';
import { hostBytes } from './host.js';
import type { PeerAddress } from './peer-address.js';

/**
 * How much two peers should want to be linked, an unsigned 32-bit number; larger is more. Both compute the same, so both keep
 * the same links when they are full.
 *
 * An IPv4 and an IPv6 address are compared as IPv6, the former mapped. A host that is a name has no priority: 0.
 *
 * @see BEP 40
 */
export function canonicalPriority(a: PeerAddress, b: PeerAddress): number {
  const hostA = hostBytes(a.host);
  const hostB = hostBytes(b.host);
  if (hostA === undefined || hostB === undefined) return 0;
  const isSameFamily = hostA.length === hostB.length;
  return prioritize(isSameFamily ? hostA : mapped(hostA), isSameFamily ? hostB : mapped(hostB), [a.port, b.port]);
}

function prioritize(a: Uint8Array, b: Uint8Array, ports: [number, number]): number {
  const common = commonPrefix(a, b);
  if (common === a.length) {
    const bytes = new Uint8Array(4);
    writeUint16(bytes, 0, Math.min(...ports));
    writeUint16(bytes, 2, Math.max(...ports));
    return crc32c(bytes);
  }
  // The first bytes count whole: those that are the same, the first that differs, and no fewer than /16 or /48.
  const whole = Math.max(a.length === 4 ? 2 : 6, common + 1);
  const maskedA = masked(a, whole);
  const maskedB = masked(b, whole);
  const isOrdered = compare(maskedA, maskedB) <= 0;
  return crc32c(isOrdered ? maskedB : maskedA, crc32c(isOrdered ? maskedA : maskedB));
}

function masked(host: Uint8Array, wholeBytes: number): Uint8Array {
  return host.map((byte, index) => (index < wholeBytes ? byte : byte & 0x55));
}

function mapped(host: Uint8Array): Uint8Array {
  if (host.length === 16) return host;
  return Uint8Array.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, ...host]);
}

function commonPrefix(a: Uint8Array, b: Uint8Array): number {
  const index = a.findIndex((byte, at) => byte !== b[at]);
  return index < 0 ? a.length : index;
}

function compare(a: Uint8Array, b: Uint8Array): number {
  const index = commonPrefix(a, b);
  return (a[index] ?? 0) - (b[index] ?? 0);
}
