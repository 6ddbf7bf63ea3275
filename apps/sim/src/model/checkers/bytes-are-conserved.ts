import type { Checker, Complain } from './checker.js';
import type { EndId, Observation, SeenMessage } from './observation.js';
import type { SessionView } from './session-view.js';
import type { SwarmView } from './swarm-view.js';

/**
 * S4: what arrives on a connection is what was sent there, in that order, with nothing added, left out or changed. What was
 * sent and has not arrived is under way, or lost with its connection.
 */
export class BytesAreConserved implements Checker {
  readonly name = 'S4';
  /** By connection and direction: what is under way. */
  readonly #underWay = new Map<string, string[]>();
  readonly #sessions = new Map<EndId, SessionView>();

  observe(observation: Observation, view: SwarmView, complain: Complain): void {
    switch (observation.kind) {
      case 'endOpened': {
        const session = view.sessions.get(observation.end);
        if (session !== undefined) this.#sessions.set(observation.end, session);
        break;
      }
      case 'sent': {
        const session = this.#sessions.get(observation.end);
        if (session?.peer !== undefined)
          this.#queue(session.connection, session.isOutgoing).push(digest(observation.message));
        break;
      }
      case 'received': {
        const session = this.#sessions.get(observation.end);
        if (session?.peer !== undefined) this.#arrived(session, observation.message, complain);
        break;
      }
      case 'endClosed':
        this.#sessions.delete(observation.end);
        break;
      case 'started':
      case 'stored':
      case 'shookHands':
      case 'told':
      case 'completed':
      case 'killed':
      case 'stopped':
      case 'second':
      case 'healed':
      case 'ended':
        break;
    }
  }

  #arrived(session: SessionView, message: SeenMessage, complain: Complain): void {
    const { node, peer, connection, isOutgoing } = session;
    const expected = this.#queue(connection, !isOutgoing).shift();
    const found = digest(message);
    if (expected === found) return;
    complain(`node ${node} receives "${found}" from node ${peer ?? '?'}, which sent "${expected ?? 'nothing more'}"`);
  }

  #queue(connection: number, isFromDialler: boolean): string[] {
    const key = `${connection}${isFromDialler ? '>' : '<'}`;
    let queue = this.#underWay.get(key);
    if (queue === undefined) this.#underWay.set(key, (queue = []));
    return queue;
  }
}

function digest(message: SeenMessage): string {
  switch (message.type) {
    case 'have':
    case 'suggest':
    case 'allowedFast':
      return `${message.type} ${message.piece}`;
    case 'request':
    case 'cancel':
    case 'reject':
      return `${message.type} ${message.piece}/${message.begin} ${message.length}`;
    case 'piece':
      return `${message.isGenuine ? '' : 'spoilt '}piece ${message.piece}/${message.begin} ${message.length}`;
    case 'bitfield':
      return `bitfield ${message.bits.join()}`;
    case 'extended':
    case 'unknown':
      return `${message.type} ${message.payload.length}`;
    case 'port':
    case 'keepAlive':
    case 'choke':
    case 'unchoke':
    case 'interested':
    case 'notInterested':
    case 'haveAll':
    case 'haveNone':
      return message.type;
  }
}
