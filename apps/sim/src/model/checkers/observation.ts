import type { SwarmEvent } from '@p2p/swarm';
import type { Handshake, Message, PeerAddress } from '@p2p/wire';

/** Names one node for a whole run, through all its restarts. From 0. */
export type NodeId = number;

/** Names one end of one connection: a session as its node sees it. Never used twice. */
export type EndId = number;

/** A message as the checkers see it: a block is its length, and whether its bytes are those of the original file. */
export type SeenMessage =
  | Exclude<Message, { type: 'piece' }>
  | {
      readonly type: 'piece';
      readonly piece: number;
      readonly begin: number;
      readonly length: number;
      readonly isGenuine: boolean;
    };

/** Everything that a checker may look at. Times are milliseconds of virtual time. */
export type Observation =
  | NodeStarted
  /** Storage verified the piece: it is there from now on. */
  | { readonly kind: 'stored'; readonly at: number; readonly node: NodeId; readonly piece: number }
  | EndOpened
  | { readonly kind: 'shookHands'; readonly at: number; readonly end: EndId; readonly handshake: Handshake }
  | { readonly kind: 'sent'; readonly at: number; readonly end: EndId; readonly message: SeenMessage }
  | { readonly kind: 'received'; readonly at: number; readonly end: EndId; readonly message: SeenMessage }
  /** `byUs`: this end closed; else the connection was closed by the other, or broke. */
  | { readonly kind: 'endClosed'; readonly at: number; readonly end: EndId; readonly byUs: boolean }
  | { readonly kind: 'told'; readonly at: number; readonly node: NodeId; readonly event: SwarmEvent }
  /** The whole file is there, says the node; `isIntact`: it equals the original. */
  | { readonly kind: 'completed'; readonly at: number; readonly node: NodeId; readonly isIntact: boolean }
  /** The node is gone from one moment to the next. */
  | { readonly kind: 'killed'; readonly at: number; readonly node: NodeId }
  /** The node stopped in good order and said that it is done; what it left behind is counted. */
  | { readonly kind: 'stopped'; readonly at: number; readonly node: NodeId; readonly leftovers: Leftovers }
  | { readonly kind: 'second'; readonly at: number; readonly nodes: readonly NodeSnapshot[] }
  /** All faults inside the core are over; it must converge before `deadline`. */
  | { readonly kind: 'healed'; readonly at: number; readonly core: ReadonlySet<NodeId>; readonly deadline: number }
  | { readonly kind: 'ended'; readonly at: number };

export interface NodeStarted {
  readonly kind: 'started';
  readonly at: number;
  readonly node: NodeId;
  readonly address: PeerAddress;
  /** Runs our code on a disk that does not lie: what it does, our code answers for. */
  readonly isHonest: boolean;
  /** What it claims to have, and which of these pieces truly are in its storage. */
  readonly have: readonly number[];
  readonly valid: readonly number[];
  readonly limits: NodeLimits;
}

/** The bounds that the node was started with. */
export interface NodeLimits {
  readonly maxPeers: number;
  readonly maxDialing: number;
  readonly uploadSlots: number;
  readonly requestQueueLimit: number;
  readonly uploadBytesPerSecond: number;
}

export interface EndOpened {
  readonly kind: 'endOpened';
  readonly at: number;
  readonly end: EndId;
  /** The same at both ends, and never used twice. */
  readonly connection: number;
  readonly node: NodeId;
  /** Who is at the other end, as the world knows it; undefined for an address where no node is. */
  readonly peer: NodeId | undefined;
  readonly isOutgoing: boolean;
}

/** What a stopped node must not leave. */
export interface Leftovers {
  readonly timers: number;
  readonly connections: number;
  readonly storageCalls: number;
}

/** One living node, once a second. */
export interface NodeSnapshot {
  readonly node: NodeId;
  /** Frozen nodes keep what they hold and do nothing. */
  readonly isPaused: boolean;
  readonly dialing: number;
  /** Connections, established or being established. */
  readonly connections: number;
}
