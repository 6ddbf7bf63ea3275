import type { BlockRef } from '@p2p/wire';

import { FirstCopies } from './first-copies.js';
import type { Payload } from '../payload.js';
import type { Session } from '../session.js';
import type { SwarmState } from '../swarm-state.js';
import { TokenBucket } from '../token-bucket.js';

/** Names pieces that nobody has to peers, while we are a seed that may be the only one (see `FirstCopies`). */
export class Suggestions<P extends Payload> {
  readonly #state: SwarmState<P>;
  readonly #paces = new Map<Session, TokenBucket>();
  #firstCopies: FirstCopies | undefined;

  constructor(state: SwarmState<P>) {
    this.#state = state;
  }

  /**
   * Whether a block is not to be sent, for the piece is on its way to another, who can pass it on.
   *
   * @param namesMore whether the peer asks on and on, and is to be told of a next piece for this one
   */
  isAnothers(session: Session, block: BlockRef, namesMore: boolean): boolean {
    if (!this.#state.isSeeding || !session.supportsFast) return false;
    const answer = this.#copies()?.ask(session.id, block);
    const hasUsedOne = answer === 'taken' || (answer === 'refused' && block.begin === 0);
    if (namesMore && hasUsedOne) this.name(session);
    return answer === 'refused';
  }

  /** Names a piece to a peer that nobody has yet. */
  name(session: Session): void {
    if (!session.supportsFast || !this.#isAtPace(session)) return;
    const piece = this.#copies()?.suggest(
      session.id,
      (candidate) => session.pieces.known?.has(candidate) === true,
      (candidate) => this.#isNowhere(candidate),
      this.#state.now,
    );
    if (piece !== undefined) this.#state.send(session, { type: 'suggest', piece });
  }

  /** A block is on its way to the peer. */
  sent(session: Session, block: BlockRef): void {
    this.#firstCopies?.sent(session.id, block.piece, this.#state.now);
  }

  /** What a peer asked for was not sent. */
  release(session: Session, block: BlockRef): void {
    this.#firstCopies?.release(session.id, block.piece);
  }

  /** The peer does not ask for what was named to it. */
  withdraw(session: Session): void {
    this.#firstCopies?.withdraw(session.id);
  }

  closed(session: Session): void {
    this.#paces.delete(session);
  }

  #copies(): FirstCopies | undefined {
    const { content, isSeeding, random } = this.#state;
    if (!isSeeding || content === undefined) return undefined;
    this.#firstCopies ??= new FirstCopies(content.metainfo.layout.pieceCount, random);
    return this.#firstCopies;
  }

  /** No leecher that we see has the piece. */
  #isNowhere(piece: number): boolean {
    const { content } = this.#state;
    return content?.scheduler.copiesAmongLeechers(content.metainfo.layout.pieceIndex(piece)) === 0;
  }

  /** Suggestions are advice: a peer that takes thousands of pieces a second may do without, and others count control frames. */
  #isAtPace(session: Session): boolean {
    const pace = this.#paces.get(session) ?? new TokenBucket(PER_SECOND, PER_SECOND);
    this.#paces.set(session, pace);
    return pace.take(this.#state.now, 1);
  }
}

/** Well below what `ControlFlood` admits. */
const PER_SECOND = 200;
