import type { Session } from '../session.js';

/**
 * Whose turn it is when a slot becomes free, of those who want something and are choked.
 *
 * The first in the queue is; but a seeder gives every other slot to whoever has least. Where all but a rare piece is had by nearly
 * everybody, each who gets that piece is done, and leaves with it: the swarm never gets rid of the lack (B. Hajek, J. Zhu: The Missing
 * Piece Syndrome in Peer-to-Peer Communication). Who has just come will be there for long, and passes it on.
 */
export class SlotQueue {
  #isNewcomersTurn = false;

  /**
   * @param sessions all that are open
   * @param pieceShare what a peer has at least, 0 to 1, as `ChokerPeer` tells it: who claims to have nothing has what we sent it
   */
  next(
    sessions: readonly Session[],
    isSeeding: boolean,
    pieceShare: (session: Session) => number,
  ): Session | undefined {
    const comesBefore = isSeeding && this.#isNewcomersTurn ? hasLess(pieceShare) : waitsLonger;
    let first: Session | undefined;
    for (const session of sessions) {
      if (!session.isInterested || !session.amChoking) continue;
      if (first === undefined || comesBefore(session, first)) first = session;
    }
    if (first !== undefined) this.#isNewcomersTurn = !this.#isNewcomersTurn;
    return first;
  }
}

function waitsLonger(session: Session, other: Session): boolean {
  return session.slotTicket < other.slotTicket;
}

/** Among equals whoever came last: nodes like ours do not tell a seeder what they have got since. */
function hasLess(pieceShare: (session: Session) => number): (session: Session, other: Session) => boolean {
  return (session, other) => {
    const [share, otherShare] = [pieceShare(session), pieceShare(other)];
    return share === otherShare ? session.id > other.id : share < otherShare;
  };
}
