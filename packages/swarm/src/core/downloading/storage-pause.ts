import { DEADLINE } from '../deadline-keys.js';
import type { CodedError } from '../input.js';
import type { Payload } from '../payload.js';
import type { SwarmState } from '../swarm-state.js';

/** After storage did not take a piece nothing is asked for, for a while: it would not take the next one either. */
export class StoragePause<P extends Payload> {
  readonly #state: SwarmState<P>;
  #until = 0;

  constructor(state: SwarmState<P>) {
    this.#state = state;
  }

  get isOn(): boolean {
    return this.#state.now < this.#until;
  }

  begin(error: CodedError): void {
    const state = this.#state;
    this.#until = state.now + state.options.storageRetryMs;
    state.deadlines.arm(DEADLINE.retryStorage, this.#until);
    state.emit({ kind: 'publish', event: { kind: 'storageFailed', error } });
  }

  /** Its deadline has come. False if storage failed again meanwhile, for a deadline only ever moves closer: it is armed anew. */
  isOver(): boolean {
    if (this.isOn) this.#state.deadlines.arm(DEADLINE.retryStorage, this.#until);
    return !this.isOn;
  }
}
