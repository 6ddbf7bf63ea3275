import { printable } from './printable.js';
import { WireError } from './wire-error.js';

const DIGITS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Bytes as lower-case hexadecimal digits, two a byte. */
export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += DIGITS[byte] ?? '';
  return text;
}

/**
 * Hexadecimal digits of either case as bytes (a new array).
 *
 * @throws {WireError} `bad-hex` if the text is not pairs of hexadecimal digits
 */
export function fromHex(text: string): Uint8Array {
  if (!/^(?:[0-9a-fA-F]{2})*$/.test(text)) {
    throw new WireError('bad-hex', `expected pairs of hexadecimal digits, found "${printable(text, 60)}"`);
  }
  const bytes = new Uint8Array(text.length / 2);
  for (let index = 0; index < bytes.length; index++) bytes[index] = parseInt(text.slice(index * 2, index * 2 + 2), 16);
  return bytes;
}
