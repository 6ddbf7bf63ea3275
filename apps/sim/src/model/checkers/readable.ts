import { WireError } from '@p2p/wire';

/** What a payload says; undefined if it breaks the rules of its kind, as what hostile peers send may. */
export function readable<T>(decode: (payload: Uint8Array) => T, payload: Uint8Array): T | undefined {
  try {
    return decode(payload);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return undefined;
  }
}
