import type { BlockRef } from '@p2p/wire';

import type { Payload } from '../payload.js';
import type { TakenBack } from '../pieces/block-scheduler.js';
import type { Session } from '../session.js';
import type { SwarmState } from '../swarm-state.js';

/**
 * Who let requests time out, or was so silent that another got them. They may still wait there, and be answered when their turn
 * comes: good if nobody else sends the block meanwhile. If somebody does, the peer is told to drop them, or it sends for nothing
 * what others wait for.
 */
export class OverdueRequests<P extends Payload> {
  readonly #sessions = new Set<Session>();
  readonly #state: SwarmState<P>;

  constructor(state: SwarmState<P>) {
    this.#state = state;
  }

  add(session: Session): void {
    this.#sessions.add(session);
  }

  /** Blocks that others are asked for now, because those they had been asked of were silent. */
  takenBack(all: readonly TakenBack[]): void {
    for (const { session: id, blocks } of all) {
      const session = this.#state.sessions.get(id);
      if (session === undefined) continue;
      for (const block of blocks) session.window.takenBack(block);
      this.#sessions.add(session);
    }
  }

  delete(session: Session): void {
    this.#sessions.delete(session);
  }

  /** A block came, and from whom. */
  received(sender: Session, block: BlockRef): void {
    const { now } = this.#state;
    for (const session of this.#sessions) {
      // Looked at for every block that comes: who once was slow is not for ever.
      if (!session.window.hasForsaken(now)) this.#sessions.delete(session);
      else if (session !== sender && session.window.cancelForsaken(block, now)) {
        this.#state.send(session, { type: 'cancel', ...block });
      }
    }
  }
}
