import { readUint32, writeUint32 } from './byte-order.js';

/**
 * The SHA-1 digest of `bytes`, 20 bytes (a new array). RFC 3174 in plain JavaScript, for info-hashes and small inputs; to
 * hash pieces use the platform's own, which is several times faster.
 *
 * SHA-1 guards against accidents and strangers, not against a publisher who prepares a collision.
 */
export function sha1(bytes: Uint8Array): Uint8Array {
  const state: State = { a: 0x67452301, b: 0xefcdab89, c: 0x98badcfe, d: 0x10325476, e: 0xc3d2e1f0 };
  const words = new Int32Array(80);
  const wholeBytes = bytes.length - (bytes.length % 64);
  for (let offset = 0; offset < wholeBytes; offset += 64) compress(state, words, bytes, offset);
  const tail = paddedTail(bytes, wholeBytes);
  for (let offset = 0; offset < tail.length; offset += 64) compress(state, words, tail, offset);
  const digest = new Uint8Array(20);
  [state.a, state.b, state.c, state.d, state.e].forEach((word, index) => writeUint32(digest, index * 4, word));
  return digest;
}

/** The five words that a digest is made of. */
interface State {
  a: number;
  b: number;
  c: number;
  d: number;
  e: number;
}

/** The last bytes, a one bit, zeros, and the length in bits as u64. */
function paddedTail(bytes: Uint8Array, start: number): Uint8Array {
  const rest = bytes.length - start;
  const tail = new Uint8Array(rest + 9 <= 64 ? 64 : 128);
  tail.set(bytes.subarray(start));
  tail[rest] = 0x80;
  writeUint32(tail, tail.length - 8, Math.floor(bytes.length / 0x20000000));
  writeUint32(tail, tail.length - 4, (bytes.length << 3) >>> 0);
  return tail;
}

function compress(state: State, words: Int32Array, bytes: Uint8Array, offset: number): void {
  expand(words, bytes, offset);
  let { a, b, c, d, e } = state;
  for (let t = 0; t < 80; t++) {
    const next = (((a << 5) | (a >>> 27)) + round(t, b, c, d) + e + (words[t] ?? 0)) | 0;
    e = d;
    d = c;
    c = (b << 30) | (b >>> 2);
    b = a;
    a = next;
  }
  state.a = (state.a + a) | 0;
  state.b = (state.b + b) | 0;
  state.c = (state.c + c) | 0;
  state.d = (state.d + d) | 0;
  state.e = (state.e + e) | 0;
}

/** The 80 words of a block of 64 bytes (RFC 3174, section 6.1, steps a and b). */
function expand(words: Int32Array, bytes: Uint8Array, offset: number): void {
  for (let t = 0; t < 16; t++) words[t] = readUint32(bytes, offset + t * 4);
  for (let t = 16; t < 80; t++) {
    const mixed = (words[t - 3] ?? 0) ^ (words[t - 8] ?? 0) ^ (words[t - 14] ?? 0) ^ (words[t - 16] ?? 0);
    words[t] = (mixed << 1) | (mixed >>> 31);
  }
}

/** The round function and its constant (RFC 3174, section 5). */
function round(t: number, b: number, c: number, d: number): number {
  if (t < 20) return ((b & c) | (~b & d)) + 0x5a827999;
  if (t < 40) return (b ^ c ^ d) + 0x6ed9eba1;
  if (t < 60) return ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
  return (b ^ c ^ d) + 0xca62c1d6;
}
