import { READY, type AddressState, type KnownAddress } from './known-address.js';

/** In which state each address of the book is: the one place where that changes. */
export class AddressStates {
  readonly ready = new Set<KnownAddress>();
  readonly waiting = new Set<KnownAddress>();
  readonly #onLink: (known: KnownAddress, change: 1 | -1) => void;
  /** No waiting address is due before this. */
  #nextRetryAt = Infinity;

  /** @param onLink told when a dial or a connection begins, and when it is over */
  constructor(onLink: (known: KnownAddress, change: 1 | -1) => void) {
    this.#onLink = onLink;
  }

  /** When the first of those that wait may be due. */
  get nextRetryAt(): number {
    return this.#nextRetryAt;
  }

  enter(known: KnownAddress, state: AddressState): void {
    const wasBusy = isBusy(known.state);
    this.ready.delete(known);
    this.waiting.delete(known);
    known.state = state;
    if (state.kind === 'ready') this.ready.add(known);
    if (state.kind === 'waiting') {
      this.waiting.add(known);
      this.#nextRetryAt = Math.min(this.#nextRetryAt, state.retryAt);
    }
    if (isBusy(state) !== wasBusy) this.#onLink(known, wasBusy ? -1 : 1);
  }

  /** Moves what is due from waiting to ready. */
  wakeUp(now: number): void {
    if (now < this.#nextRetryAt) return;
    this.#nextRetryAt = Infinity;
    for (const known of [...this.waiting]) {
      if (known.state.kind !== 'waiting') continue;
      if (known.state.retryAt <= now) this.enter(known, READY);
      else this.#nextRetryAt = Math.min(this.#nextRetryAt, known.state.retryAt);
    }
  }

  forget(known: KnownAddress): void {
    if (isBusy(known.state)) this.#onLink(known, -1);
    this.ready.delete(known);
    this.waiting.delete(known);
  }
}

/** It is being dialled, or connected. */
export function isBusy(state: AddressState): boolean {
  return state.kind === 'dialing' || state.kind === 'connected';
}
