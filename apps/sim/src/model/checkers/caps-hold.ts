import type { Checker, Complain } from './checker.js';
import type { NodeId, Observation } from './observation.js';
import type { NodeView, SwarmView } from './swarm-view.js';

/** S5: connections, dials under way, upload slots (at every moment) and the upload rate stay within what the node was told. */
export class CapsHold implements Checker {
  readonly name = 'S5';
  readonly #uploaded = new Map<NodeId, number>();

  observe(observation: Observation, view: SwarmView, complain: Complain): void {
    if (observation.kind === 'sent') {
      const { end, message } = observation;
      const session = view.sessions.get(end);
      if (session === undefined) return;
      if (message.type === 'unchoke') checkSlots(view.nodes.get(session.node), complain);
      if (message.type !== 'piece') return;
      this.#uploaded.set(session.node, (this.#uploaded.get(session.node) ?? 0) + message.length);
    }
    if (observation.kind !== 'second') return;
    for (const { node: id, dialing } of observation.nodes) {
      const node = view.nodes.get(id);
      if (node?.isHonest !== true) continue;
      if (dialing > node.limits.maxDialing)
        complain(`node ${id} dials ${dialing} at once; ${node.limits.maxDialing} are allowed`);
      checkSessions(node, complain);
      this.#rate(node, complain);
    }
    this.#uploaded.clear();
  }

  #rate({ node, limits }: NodeView, complain: Complain): void {
    const bytes = this.#uploaded.get(node) ?? 0;
    const { uploadBytesPerSecond } = limits;
    // What the bucket had saved may pass at once, a block is never cut, and what was admitted is read from the disk first.
    const most = uploadBytesPerSecond * 1.1 + Math.max(uploadBytesPerSecond / 20, SAVED_BYTES) + BLOCK_BYTES;
    if (bytes > most)
      complain(`node ${node} uploaded ${bytes} bytes in a second; its limit is ${uploadBytesPerSecond}`);
  }
}

function checkSessions({ node, limits, sessions }: NodeView, complain: Complain): void {
  const open = [...sessions].filter((session) => session.isOpen).length;
  if (open > limits.maxPeers) complain(`node ${node} has ${open} open sessions; ${limits.maxPeers} are allowed`);
}

/** Every unchoked peer holds a slot, whether it wants something or not: it may ask at any time. */
function checkSlots(node: NodeView | undefined, complain: Complain): void {
  if (node?.isHonest !== true) return;
  const unchoked = [...node.sessions].filter(({ amChoking }) => !amChoking).length;
  const { uploadSlots } = node.limits;
  if (unchoked > uploadSlots)
    complain(`node ${node.node} unchokes ${unchoked} peers at once; ${uploadSlots} are allowed`);
}

const BLOCK_BYTES = 16_384;
const SAVED_BYTES = 65_536;
