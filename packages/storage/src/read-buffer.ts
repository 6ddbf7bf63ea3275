/**
 * Memory to read files into.
 *
 * It begins 48 bytes into its allocation. Large allocations begin 16 bytes past a page, files on one, and to copy from a page
 * into 16 to 31 bytes past another takes AMD's `rep movsb`, with which Linux copies, 3.5 times as long: it takes each load for
 * one of what it has just stored. Reading a GiB took 0.55 CPU seconds where it takes 0.15 now (Zen 3).
 */
export function readBuffer(bytes: number): Uint8Array {
  return new Uint8Array(new ArrayBuffer(READ_OFFSET_BYTES + bytes), READ_OFFSET_BYTES);
}

/** Where memory that files are read into begins in its allocation: 64 past a page, if that is 16 past one. */
export const READ_OFFSET_BYTES = 48;
