/**
 * What must still happen if the process has to end at once: synchronous actions, the newest first.
 *
 * Each action is taken off again by whoever has done the work in the ordinary way.
 */
export class CleanUp {
  readonly #actions = new Set<() => void>();

  /** @returns takes the action off again */
  add(action: () => void): () => void {
    this.#actions.add(action);
    return () => {
      this.#actions.delete(action);
    };
  }

  /** Runs every action once, even if one of them fails. */
  run(): void {
    const actions = [...this.#actions].reverse();
    this.#actions.clear();
    for (const action of actions) {
      try {
        action();
      } catch {
        // The process is about to end: the remaining actions matter more than this error.
      }
    }
  }
}
