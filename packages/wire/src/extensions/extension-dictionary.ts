import type { BencodeDictionary, BencodeLimits } from '../bencode-value.js';
import { decodeBencodePrefix } from '../bencode.js';
import { isDictionary, kindOf } from '../field-reader.js';
import { WireError } from '../wire-error.js';

/** The dictionary that an extension's payload begins with, and where it ends: raw data may follow directly (BEP 9). */
export function decodeExtensionDictionary(
  payload: Uint8Array,
  limits: BencodeLimits,
): { readonly dictionary: BencodeDictionary; readonly bytesRead: number } {
  const { value, bytesRead } = decodeBencodePrefix(payload, limits);
  if (!isDictionary(value)) {
    throw new WireError('bad-extension', `expected a dictionary, found ${kindOf(value)}`);
  }
  return { dictionary: value, bytesRead };
}
