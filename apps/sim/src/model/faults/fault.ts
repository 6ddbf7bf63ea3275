/** How the network is parted: who is on the one side, and whether only one direction is cut. */
export interface PartitionShape {
  readonly side: readonly number[];
  /** The side can still be heard, but hears nothing. */
  readonly isOneWay: boolean;
}

/**
 * One thing that goes wrong, with its beginning and, where it has one, its end. Nodes are named by their number, times are
 * milliseconds. Pure data: a plan is printed, shrunk and repeated.
 */
export type Fault =
  /** The process is gone at once (SIGKILL), and comes back after a while with what its disk had synced, or with nothing. */
  | {
      readonly kind: 'kill';
      readonly at: number;
      readonly node: number;
      readonly restartAt: number | undefined;
      readonly keepsState: boolean;
    }
  /** The node leaves in good order, and comes back or does not. */
  | { readonly kind: 'leave'; readonly at: number; readonly node: number; readonly restartAt: number | undefined }
  /** The process stands still (SIGSTOP): its system holds the connections, nobody answers. */
  | { readonly kind: 'pause'; readonly at: number; readonly node: number; readonly until: number }
  | ({ readonly kind: 'partition'; readonly at: number; readonly until: number } & PartitionShape)
  /**
   * Swizzle-clog (FoundationDB): these nodes are cut off one by one, and freed one by one in another order.
   */
  | {
      readonly kind: 'swizzle';
      readonly at: number;
      readonly clogs: readonly { readonly node: number; readonly from: number; readonly until: number }[];
    }
  /** Every read and write takes so much longer. */
  | {
      readonly kind: 'slowDisk';
      readonly at: number;
      readonly node: number;
      readonly until: number;
      readonly delayMs: number;
    }
  /** Nothing can be stored; then it can again. */
  | { readonly kind: 'fullDisk'; readonly at: number; readonly node: number; readonly until: number }
  | { readonly kind: 'failingReads'; readonly at: number; readonly node: number; readonly until: number }
  /** Reads give wrong bytes silently: the node becomes a polluter without knowing. */
  | { readonly kind: 'corruptReads'; readonly at: number; readonly node: number; readonly until: number }
  /** The storage call after so many more fails, once. */
  | { readonly kind: 'failingCall'; readonly at: number; readonly node: number; readonly afterCalls: number }
  /** The seeder leaves as soon as it has uploaded as many bytes as the file has; from then on the swarm has what it has. */
  | { readonly kind: 'seedLeaves'; readonly at: number; readonly node: number }
  /** All connections of the node break, as when its router starts again. */
  | { readonly kind: 'reset'; readonly at: number; readonly node: number };

/** How a node behaves that is not one of ours. */
export type Behaviour =
  | 'honest'
  /** Sends wrong bytes for every block. */
  | 'polluter'
  /** Sends wrong bytes for one block in 64: hard to catch. */
  | 'partialPolluter'
  /** Says that it has everything and unchokes everybody, and rejects every request. */
  | 'liar'
  /** Says that it has everything and unchokes everybody, and sends nothing but a keep-alive now and then. */
  | 'tarpit'
  /** Sends a block every twenty seconds: never quite silent. */
  | 'trickler'
  /** Downloads and never unchokes anybody. */
  | 'freeRider'
  /** Asks for everything and throws it away, to take upload slots from others. */
  | 'slotThief'
  /** Tells addresses in peer exchange, nine in ten of which nobody is at. */
  | 'pexPoisoner';

export const HOSTILE_BEHAVIOURS = [
  'polluter',
  'partialPolluter',
  'liar',
  'tarpit',
  'trickler',
  'freeRider',
  'slotThief',
  'pexPoisoner',
] as const satisfies readonly Behaviour[];

/** When the last trace of the fault is gone by itself. */
export function faultEnd(fault: Fault): number {
  switch (fault.kind) {
    case 'kill':
    case 'leave':
      return fault.restartAt ?? fault.at;
    case 'swizzle':
      return Math.max(fault.at, ...fault.clogs.map(({ until }) => until));
    case 'failingCall':
    case 'seedLeaves':
    case 'reset':
      return fault.at;
    case 'pause':
    case 'partition':
    case 'slowDisk':
    case 'fullDisk':
    case 'failingReads':
    case 'corruptReads':
      return fault.until;
  }
}

/** One line for people: `12.0 s: kill node 3, back at 14.5 s with its state`. */
export function describeFault(fault: Fault): string {
  return `${seconds(fault.at)}: ${words(fault)}`;
}

function words(fault: Fault): string {
  switch (fault.kind) {
    case 'kill': {
      const back = fault.restartAt === undefined ? 'for good' : `back at ${seconds(fault.restartAt)}`;
      return `kill node ${fault.node}, ${back} ${fault.keepsState ? 'with' : 'without'} its state`;
    }
    case 'leave':
      return `node ${fault.node} leaves, ${fault.restartAt === undefined ? 'for good' : `back at ${seconds(fault.restartAt)}`}`;
    case 'pause':
      return `pause node ${fault.node} until ${seconds(fault.until)}`;
    case 'partition':
      return `part nodes ${fault.side.join(' ')} from the others${fault.isOneWay ? ', one way,' : ''} until ${seconds(fault.until)}`;
    case 'swizzle':
      return `clog nodes ${fault.clogs.map(({ node }) => node).join(' ')} one by one`;
    case 'slowDisk':
      return `the disk of node ${fault.node} takes ${fault.delayMs} ms a call until ${seconds(fault.until)}`;
    case 'fullDisk':
      return `the disk of node ${fault.node} is full until ${seconds(fault.until)}`;
    case 'failingReads':
      return `reads of node ${fault.node} fail until ${seconds(fault.until)}`;
    case 'corruptReads':
      return `reads of node ${fault.node} give wrong bytes until ${seconds(fault.until)}`;
    case 'failingCall':
      return `storage call ${fault.afterCalls + 1} of node ${fault.node} from here fails`;
    case 'seedLeaves':
      return `node ${fault.node} leaves after one copy`;
    case 'reset':
      return `all connections of node ${fault.node} break`;
  }
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
