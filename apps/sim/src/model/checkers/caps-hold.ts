import type { Checker, Complain } from './checker.js';
import type { NodeId, Observation } from './observation.js';
import type { NodeView, SwarmView } from './swarm-view.js';

/** S5: connections, dials under way, upload slots and the upload rate stay within what the node was told. */
export class CapsHold implements Checker {
  readonly name = 'S5';
  readonly #uploaded = new Map<NodeId, number>();
  /** Since when more peers hold a slot than there are slots. */
  readonly #tooManySince = new Map<NodeId, number>();

  observe(observation: Observation, view: SwarmView, complain: Complain): void {
    if (observation.kind === 'sent') {
      const session = view.sessions.get(observation.end);
      if (session === undefined || observation.message.type !== 'piece') return;
      this.#uploaded.set(session.node, (this.#uploaded.get(session.node) ?? 0) + observation.message.length);
    }
    if (observation.kind !== 'second') return;
    for (const { node: id, dialing, isPaused } of observation.nodes) {
      const node = view.nodes.get(id);
      if (node?.isHonest !== true) continue;
      // Who stands still holds no rounds.
      if (isPaused) this.#tooManySince.set(id, observation.at);
      if (dialing > node.limits.maxDialing)
        complain(`node ${id} dials ${dialing} at once; ${node.limits.maxDialing} are allowed`);
      this.#sessions(node, observation.at, complain);
      this.#rate(node, complain);
    }
    this.#uploaded.clear();
  }

  #sessions({ node, limits, sessions }: NodeView, at: number, complain: Complain): void {
    let open = 0;
    let unchoked = 0;
    for (const session of sessions) {
      if (!session.isOpen) continue;
      open += 1;
      if (!session.amChoking && session.isInterested) unchoked += 1;
    }
    if (open > limits.maxPeers) complain(`node ${node} has ${open} open sessions; ${limits.maxPeers} are allowed`);
    if (unchoked <= limits.uploadSlots) {
      this.#tooManySince.delete(node);
      return;
    }
    const since = this.#tooManySince.get(node) ?? at;
    this.#tooManySince.set(node, since);
    if (at - since > ROUND_MS) {
      complain(
        `node ${node} uploads to ${unchoked} peers at once for longer than a round; ${limits.uploadSlots} are allowed`,
      );
    }
  }

  #rate({ node, limits }: NodeView, complain: Complain): void {
    const bytes = this.#uploaded.get(node) ?? 0;
    // A bucket may have saved a second's worth before, and a block is never cut.
    const most = limits.uploadBytesPerSecond * 2.01 + BLOCK_BYTES;
    if (bytes > most)
      complain(`node ${node} uploaded ${bytes} bytes in a second; its limit is ${limits.uploadBytesPerSecond}`);
  }
}

/** Who lost interest keeps the slot until the next round, and may want it again before that. */
const ROUND_MS = 11_000;
const BLOCK_BYTES = 16_384;
