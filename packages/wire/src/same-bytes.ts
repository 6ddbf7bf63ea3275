/** Whether two byte strings, info-hashes or peer ids for example, are the same. Not in constant time: nothing here is a secret. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
