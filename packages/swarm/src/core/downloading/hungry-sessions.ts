import { offeredTurn } from './offered-turn.js';
import type { Payload } from '../payload.js';
import type { Session } from '../session.js';
import type { SwarmState } from '../swarm-state.js';

/** Sessions that could have been asked for more than there was to ask, or than there was room for. */
export class HungrySessions<P extends Payload> {
  readonly #sessions = new Set<Session>();
  readonly #state: SwarmState<P>;

  constructor(state: SwarmState<P>) {
    this.#state = state;
  }

  has(session: Session): boolean {
    return this.#sessions.has(session);
  }

  add(session: Session): void {
    this.#sessions.add(session);
  }

  delete(session: Session): void {
    this.#sessions.delete(session);
  }

  /**
   * There may be something to ask of them again.
   *
   * Who owes us least comes first: there is room for one piece, as a rule, and all others have to wait again. The silent come
   * last: for what they do not send nobody else is asked.
   */
  wake(): void {
    const { dirty } = this.#state;
    const woken: Session[] = [];
    for (const session of this.#sessions) {
      // Who is woken has its turn after the others.
      if (dirty.delete(session) || this.#isWorthALook(session)) woken.push(session);
    }
    woken.sort(
      (a, b) =>
        Number(a.window.isSnubbed) - Number(b.window.isSnubbed) ||
        a.window.outstandingCount - b.window.outstandingCount ||
        (b.offered?.at ?? 0) - (a.offered?.at ?? 0),
    );
    for (const session of woken) dirty.add(session);
  }

  /** False where a look at the session would be in vain: most of those who were ever hungry choke us by now. */
  #isWorthALook(session: Session): boolean {
    const { isChokingUs, amInterested } = session;
    if (offeredTurn(session, this.#state.now) !== undefined) return true;
    return !isChokingUs || !amInterested || this.#state.content?.scheduler.have.isEmpty === true;
  }
}
