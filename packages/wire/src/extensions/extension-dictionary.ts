import { decodeBencodePrefix, type BencodeDictionary, type BencodeLimits } from '../bencode.js';
import { kindOf } from '../field-reader.js';
import { WireError } from '../wire-error.js';

/** The dictionary that an extension's payload begins with, and where it ends: raw data may follow directly (BEP 9). */
export function decodeExtensionDictionary(
  payload: Uint8Array,
  limits: BencodeLimits,
): { readonly dictionary: BencodeDictionary; readonly bytesRead: number } {
  const { value, bytesRead } = decodeBencodePrefix(payload, limits);
  if (!(value instanceof Map)) {
    throw new WireError('bad-extension', `expected a dictionary, found ${kindOf(value)}`);
  }
  return { dictionary: value, bytesRead };
}
