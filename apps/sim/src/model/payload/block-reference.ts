import type { Payload } from '@p2p/swarm';

/** Stands for the bytes of a block: how many, and whether they are the right ones. */
export interface BlockReference extends Payload {
  readonly length: number;
  /** They are not what the piece's hash was made of. */
  readonly isTainted: boolean;
}

/** References differ by these two alone, so each is made once. */
export function blockReference(length: number, isTainted = false): BlockReference {
  const known = isTainted ? TAINTED : CLEAN;
  let reference = known.get(length);
  if (reference === undefined) {
    reference = Object.freeze({ length, isTainted });
    known.set(length, reference);
  }
  return reference;
}

const CLEAN = new Map<number, BlockReference>();
const TAINTED = new Map<number, BlockReference>();
