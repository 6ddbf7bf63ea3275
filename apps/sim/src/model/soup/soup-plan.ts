import type { Behaviour, Fault } from '../faults/fault.js';

/** One world of the soup, whole: what is in it, what goes wrong, and when. Drawn from a seed, then perhaps shrunk. */
export interface SoupPlan {
  /** Every stream of chance of the run is forked from it. */
  readonly seed: number;
  readonly payload: 'refs' | 'bytes';
  readonly pieces: number;
  readonly pieceBytes: number;
  readonly lastPieceBytes: number;
  /** Node 0 is the bootstrap, whose address everybody knows. */
  readonly nodes: readonly NodePlan[];
  readonly faults: readonly Fault[];
  /** When the core is healed. */
  readonly healAt: number;
  /** Nodes that the core should hold, if they are honest; node 0 always is, and holders of missing pieces join it. */
  readonly core: readonly number[];
}

export interface NodePlan {
  readonly joinAt: number;
  readonly behaviour: Behaviour;
  readonly isSeeder: boolean;
  /** It dials, and nobody can dial it. */
  readonly isHidden: boolean;
  /** It must fetch the metadata from peers first. */
  readonly knowsMetadata: boolean;
  readonly upBytesPerSecond: number;
  readonly downBytesPerSecond: number;
  /** To the core of the network, one way. */
  readonly latencyMs: number;
  readonly diskDelayMs: number;
  readonly maxPeers: number;
  readonly targetPeers: number;
  readonly uploadSlots: number;
  readonly requestQueueLimit: number;
  /** What the node was told to upload at the most, bytes per second; absent if it was told nothing. */
  readonly limitUp?: number;
}

/** What can leave the node, bytes per second. */
export function uplinkOf({ upBytesPerSecond, limitUp }: NodePlan): number {
  return Math.min(upBytesPerSecond, limitUp ?? Infinity);
}
