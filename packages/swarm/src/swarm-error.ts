/** What can go wrong with a node, as opposed to with one peer (which is a `CloseReason`). */
export type SwarmErrorCode =
  /** The listening address could not be used; `cause` or the message says why. */
  | 'listen-failed'
  /** The listening port belongs to another process. */
  | 'port-taken'
  /** A peer that was asked for its catalogue could not be reached, or did not answer in time. */
  | 'unreachable'
  /** A peer that was asked for its catalogue closed the connection: it shares nothing openly, or is no node of our kind. */
  | 'no-catalog'
  /** The torrent is in this node already. */
  | 'duplicate-swarm';

/** The one error class of this package: look at `code`, show `message`. */
export class SwarmError extends Error {
  readonly code: SwarmErrorCode;

  constructor(code: SwarmErrorCode, message: string) {
    super(message);
    this.name = 'SwarmError';
    this.code = code;
  }
}
