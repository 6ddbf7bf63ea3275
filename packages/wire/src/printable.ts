const DEFAULT_MAX_LENGTH = 256;

// Cc are C0, DEL and C1, which steer terminals; Cs are lone surrogates, no text at all; the bidirectional controls reorder what a
// person reads; separators break lines; zero-width space, word joiner and byte order mark hide.
const UNSAFE = /[\p{Cc}\p{Cs}\u061C\u200B\u200E\u200F\u2028-\u202E\u2060\u2066-\u2069\uFEFF]/gu;

/**
 * Makes foreign text safe to show on a terminal, in a log or on a page: each control, bidirectional or invisible character
 * becomes `?`, and what is longer than `maxLength` is cut and ends in `…`.
 *
 * The one place where this happens. Not an escape for HTML or a shell, and not a safe file name.
 *
 * @param maxLength most characters (UTF-16 units) of the result, at least 1; 256 unless told
 */
export function printable(text: string, maxLength: number = DEFAULT_MAX_LENGTH): string {
  // Cut first: the cost is bounded by `maxLength`, not by what a stranger sent.
  const isCut = text.length > maxLength;
  const head = isCut ? text.slice(0, Math.max(0, maxLength - 1)) : text;
  return head.replace(UNSAFE, '?') + (isCut ? '…' : '');
}
