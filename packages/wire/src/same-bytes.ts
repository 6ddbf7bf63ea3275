/** Whether two byte strings, info-hashes or peer ids for example, are the same. Not in constant time: nothing here is a secret. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  let index = a.length;
  if (index !== b.length) return false;
  // From the end: peer ids of one kind of client begin alike.
  while (index > 0 && a[index - 1] === b[index - 1]) index--;
  return index === 0;
}
