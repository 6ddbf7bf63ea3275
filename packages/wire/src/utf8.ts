// Declared here because no library of TypeScript but the DOM's has them, while every JavaScript runtime does. The
// declarations are local to this module, so they clash with nothing.
declare const TextEncoder: new () => { encode(text: string): Uint8Array };
declare const TextDecoder: new (
  label: 'utf-8',
  options: { readonly ignoreBOM: boolean },
) => { decode(bytes: Uint8Array): string };

/** Text to UTF-8; a lone surrogate becomes U+FFFD. */
export function encodeUtf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** UTF-8 to text; what is not UTF-8 becomes U+FFFD, for names in old torrents are in any encoding. */
export function decodeUtf8(bytes: Uint8Array): string {
  // A leading byte order mark is part of the name: another peer hashes it too.
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

/** One character for each byte: lossless, unlike the "latin1" of TextDecoder, which is windows-1252. */
export function bytesToLatin1(bytes: Uint8Array): string {
  // Many bytes at a time: text that grows by single characters is, until it is read, an object for each of them.
  if (bytes.length <= MAX_ARGUMENTS) return applyTo(String.fromCharCode, undefined, bytes);
  let text = '';
  for (let start = 0; start < bytes.length; start += MAX_ARGUMENTS) {
    text += applyTo(String.fromCharCode, undefined, bytes.subarray(start, start + MAX_ARGUMENTS));
  }
  return text;
}

/** What TypeScript knows of `Reflect.apply` wants an array, and spreading bytes makes one: both are a copy too many. */
const applyTo: (made: (...codes: number[]) => string, self: undefined, codes: Uint8Array) => string = Reflect.apply;
/** Arguments lie on the stack, which is small in some engines. */
const MAX_ARGUMENTS = 4_096;
