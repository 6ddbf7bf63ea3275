import type { BlockRef } from '@p2p/wire';

/** One of those whose requests wait. */
export interface TurnTaker {
  readonly uploads: { peek(): BlockRef | undefined };
  /** When it last had a turn: numbers that only grow. Kept by `UploadTurns`. */
  lastTurn: number;
}

/**
 * Whose request is answered next: one peer gets a whole piece, then it is another's turn.
 *
 * A piece cannot be passed on before it is complete. Eight pieces sent side by side are complete after eight times as long as
 * one, and for that long nobody has anything to pass on; one after the other, the first is after the time of one. Within
 * a peer, requests are answered in the order in which they came, as other clients expect.
 *
 * With long pieces on a slow line a turn also ends after two seconds: a peer that hears nothing gives up.
 */
export class UploadTurns<T extends TurnTaker> {
  #current: { readonly taker: T; readonly piece: number; readonly since: number } | undefined;
  #lastTurn = 0;

  /**
   * Whose oldest request comes next; undefined if nobody's can.
   *
   * @param takers those of whom requests wait
   * @param canTake whether the network has room for a block to this one
   * @param comesFirst whether a new turn is this one's before it is that of others
   */
  next(
    takers: Iterable<T>,
    canTake: (taker: T) => boolean,
    now: number,
    comesFirst: (taker: T) => boolean = everybody,
  ): T | undefined {
    const current = this.#goingOn(now);
    if (current !== undefined && canTake(current)) return current;
    let next: T | undefined;
    let isNextFirst = false;
    for (const taker of takers) {
      const isFirst = comesFirst(taker);
      const isBefore = next === undefined || (isFirst === isNextFirst ? taker.lastTurn < next.lastTurn : isFirst);
      if (!isBefore || !canTake(taker)) continue;
      next = taker;
      isNextFirst = isFirst;
    }
    const block = next?.uploads.peek();
    if (next === undefined || block === undefined) return undefined;
    next.lastTurn = ++this.#lastTurn;
    this.#current = { taker: next, piece: block.piece, since: now };
    return next;
  }

  /** Somebody left, or is choked: its turn is over. */
  leave(taker: T): void {
    if (this.#current?.taker === taker) this.#current = undefined;
  }

  /** Whose turn is not over. */
  #goingOn(now: number): T | undefined {
    const current = this.#current;
    if (current === undefined || now - current.since >= MAX_TURN_MS) return undefined;
    return current.taker.uploads.peek()?.piece === current.piece ? current.taker : undefined;
  }
}

function everybody(): boolean {
  return true;
}

/** Peers take a silence of two seconds or more for a timeout. */
const MAX_TURN_MS = 2_000;
