import type { CoreMessage } from '../input.js';
import type { Payload } from '../payload.js';
import type { Session } from '../session.js';
import type { SwarmState } from '../swarm-state.js';

/** A block as the peer named it. */
export type RejectedBlock = Pick<Extract<CoreMessage, { type: 'request' }>, 'piece' | 'begin' | 'length'>;

/** Says no to requests (BEP 6: each is answered), and goes on saying it to a peer for so long only. */
export class Refusals<P extends Payload> {
  readonly #state: SwarmState<P>;

  constructor(state: SwarmState<P>) {
    this.#state = state;
  }

  /**
   * A request that the peer should not have sent: each costs us an answer, and nothing else bounds them.
   *
   * When we choke a peer, as many as we announced may be on their way. Refusals of `FirstCopies` are our own choice, as are the
   * rejects that follow a choke, and do not count.
   */
  refuse(session: Session, request: RejectedBlock): void {
    session.refusedRequestCount += 1;
    if (session.refusedRequestCount <= this.#state.options.requestQueueLimit + MAX_REFUSED_REQUESTS) {
      this.reject(session, request);
    } else this.#state.violation(session, 'requests for ever while it is choked or has its queue full');
  }

  /** A request for what we never said we have, or for what does not exist. */
  invalid(session: Session, request: RejectedBlock): void {
    session.invalidRequestCount += 1;
    if (session.invalidRequestCount > MAX_INVALID_REQUESTS) {
      this.#state.violation(
        session,
        `more than ${String(MAX_INVALID_REQUESTS)} requests for what we never said we have`,
      );
    } else this.reject(session, request);
  }

  /** The peer gets no answer else: it may ask another. */
  reject(session: Session, { piece, begin, length }: RejectedBlock): void {
    if (session.supportsFast) this.#state.send(session, { type: 'reject', piece, begin, length });
  }
}

/** Requests for pieces we do not have or ranges that do not exist, after which a peer is dropped. libtorrent: 300. */
const MAX_INVALID_REQUESTS = 300;
/** Requests refused in a row, beyond those on their way at a choke, after which a peer is dropped. libtorrent: 50, after 2 s. */
const MAX_REFUSED_REQUESTS = 300;
