/** One of those whose speed is compared. Every member answers with how many messages it dealt with; none keeps anything. */
export interface CodecContestant {
  /** Messages of a stream that comes in chunks. */
  readonly decode?: (stream: Uint8Array, chunkBytes: number) => number;
  /** Small messages, one after the other: have and request in turns. */
  readonly encodeSmall?: (count: number) => number;
  /** What goes before each block. */
  readonly encodePieceHeaders?: (count: number) => number;
  /** Blocks with their headers, copied into one buffer of 16, as they are sent. */
  readonly gather?: (blocks: Uint8Array) => number;
  /** Stands for what the others read, so that nothing is optimized away. */
  readonly checksum: () => number;
}

export const BLOCK_BYTES = 16_384;
/** How much of what was encoded waits to be sent at once. */
export const HANDED_OVER_BYTES = 4096;
