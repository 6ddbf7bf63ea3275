import type { Checker, Complain } from './checker.js';
import type { Observation, SeenMessage } from './observation.js';
import { piecesOf } from './session-view.js';
import type { SwarmView } from './swarm-view.js';

/** S1: an honest node says that it has a piece only once storage verified it, and uploads no byte that is not the original's. */
export class OnlyVerifiedIsOffered implements Checker {
  readonly name = 'S1';

  observe(observation: Observation, view: SwarmView, complain: Complain): void {
    if (observation.kind !== 'sent') return;
    const session = view.sessions.get(observation.end);
    const node = session === undefined ? undefined : view.nodes.get(session.node);
    if (node?.isHonest !== true) return;
    const { message } = observation;
    if (message.type === 'piece' && !message.isGenuine) {
      complain(`node ${node.node} uploads wrong bytes of piece ${message.piece} at ${message.begin}`);
    }
    for (const piece of offered(message, view.pieceCount)) {
      if (!node.pieces.has(piece))
        complain(`node ${node.node} says by "${message.type}" that it has piece ${piece}, and has not`);
    }
  }
}

function offered(message: SeenMessage, pieceCount: number): readonly number[] {
  if (message.type === 'have' || message.type === 'piece') return [message.piece];
  if (message.type === 'bitfield') return piecesOf(message.bits);
  if (message.type === 'haveAll') return Array.from({ length: pieceCount }, (_, piece) => piece);
  return [];
}
