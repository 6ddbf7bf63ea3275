import { printable } from '@p2p/wire';

/** Text of several lines that may carry names from peers, safe to print: only the line breaks of our own stay. */
export function safeLines(text: string): string {
  return text
    .split('\n')
    .map((line) => printable(line, Infinity))
    .join('\n');
}
