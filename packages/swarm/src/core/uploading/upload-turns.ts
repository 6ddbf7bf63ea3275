import type { BlockRef } from '@p2p/wire';

/** One of those who ask for blocks. */
export interface TurnTaker {
  readonly uploads: { peek(): BlockRef | undefined };
}

/**
 * Whose request is answered next: one peer gets a whole piece, then it is the turn of whoever waits longest.
 *
 * A piece cannot be passed on before it is complete. Eight pieces sent side by side are complete after eight times as long as
 * one, and for that long nobody has anything to pass on; one after the other, the first is after the time of one. Within
 * a peer, requests are answered in the order in which they came, as other clients expect.
 *
 * It counts since when a peer waits, not when it last had a turn: of fifty who take turns that we offer, some always had theirs longer
 * ago than one who waits, and it would wait until it gives up and asks another for the same.
 *
 * With long pieces on a slow line a turn also ends after five seconds: a peer that hears nothing gives up.
 */
export class UploadTurns<T extends TurnTaker> {
  /** Those whose requests wait. Who had a turn and waits on is behind the others. */
  readonly #row = new Set<T>();
  #current: { readonly taker: T; readonly piece: number; readonly since: number } | undefined;

  get isEmpty(): boolean {
    return this.#row.size === 0;
  }

  /** A request of the peer waits. */
  join(taker: T): void {
    this.#row.add(taker);
  }

  /** No request of the peer waits. Its turn goes on if it asks for more of the piece. */
  leave(taker: T): void {
    this.#row.delete(taker);
  }

  /** The peer left, or is choked: its turn is over. */
  end(taker: T): void {
    if (this.#current?.taker === taker) this.#current = undefined;
  }

  /**
   * Whose oldest request comes next; undefined if nobody's can.
   *
   * @param canTake whether the network has room for a block to this one
   * @param comesFirst whether a new turn is this one's before it is that of others
   */
  next(canTake: (taker: T) => boolean, now: number, comesFirst: (taker: T) => boolean = everybody): T | undefined {
    const current = this.#goingOn(now);
    if (current !== undefined && canTake(current)) return current;
    const next = this.#first((taker) => comesFirst(taker) && canTake(taker)) ?? this.#first(canTake);
    const block = next?.uploads.peek();
    if (next === undefined || block === undefined) return undefined;
    this.#row.delete(next);
    this.#row.add(next);
    this.#current = { taker: next, piece: block.piece, since: now };
    return next;
  }

  #first(isFit: (taker: T) => boolean): T | undefined {
    for (const taker of this.#row) if (isFit(taker)) return taker;
    return undefined;
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

/**
 * A piece of 256 KiB on a line of 0.5 Mbit/s. Peers give up after 10 s or more. Leechers that come one by one to such a line (S03): the
 * last is done after 3.2 of the bound, where a turn ends after two seconds after 3.9.
 */
const MAX_TURN_MS = 5_000;
