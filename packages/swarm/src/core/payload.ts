/**
 * An opaque reference to the bytes of a block: real bytes, or in the simulator an object that stands for them.
 * The core passes it on and never looks inside (decision D8).
 */
export interface Payload {
  /** Bytes in the block. */
  readonly length: number;
}
