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
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
