import type { BlockRef } from '@p2p/wire';

import { AllowedFastGrants } from './allowed-fast-grants.js';
import type { Payload } from '../payload.js';
import type { Session } from '../session.js';
import type { SwarmState } from '../swarm-state.js';

/** Who may have a few pieces of us though we choke him (BEP 6): see `AllowedFastGrants` for what one peer gets. */
export class AllowedFast<P extends Payload> {
  readonly #state: SwarmState<P>;
  readonly #grants = new Map<Session, AllowedFastGrants>();

  constructor(state: SwarmState<P>) {
    this.#state = state;
  }

  /** Tells the peer of its pieces, once. */
  allow(session: Session): void {
    const { content, identity } = this.#state;
    if (content === undefined || !session.supportsFast || this.#grants.has(session)) return;
    const grants = new AllowedFastGrants(content.metainfo.layout, identity.infoHash, session.remote.host);
    this.#grants.set(session, grants);
    for (const piece of grants.pieces) {
      if (content.scheduler.have.has(piece)) this.#state.send(session, { type: 'allowedFast', piece });
    }
  }

  /** Whether the peer gets a block though it is choked; if so, it counts as served. */
  admits(session: Session, block: BlockRef): boolean {
    return this.#grants.get(session)?.admit(block, session.pieces.known?.count ?? 0) === true;
  }

  closed(session: Session): void {
    this.#grants.delete(session);
  }
}
