import type { Checker, Complain } from './checker.js';
import type { NodeId, Observation } from './observation.js';
import type { SessionView } from './session-view.js';
import type { SwarmView } from './swarm-view.js';

/**
 * S3: with BEP 6 every request gets one piece or one reject, and nobody has more unanswered requests than the other end
 * accepts (`reqq`). A request that was cancelled counts no more, though an answer to it is due; one that timed out counts for
 * a minute: the other end may still hold it.
 *
 * A request that is repeated while the first one waits may be answered once for both. That every answer comes is looked at
 * when the run is over and the network is calm.
 */
export class OneAnswerARequest implements Checker {
  readonly name = 'S3';
  #frozen: ReadonlySet<NodeId> = new Set();

  observe(observation: Observation, view: SwarmView, complain: Complain): void {
    if (observation.kind === 'second') {
      this.#frozen = new Set(observation.nodes.filter(({ isPaused }) => isPaused).map(({ node }) => node));
    }
    if (observation.kind === 'ended') this.#allAnswered(observation.at, view, complain);
    if (observation.kind !== 'sent') return;
    const session = view.sessions.get(observation.end);
    if (session === undefined || view.nodes.get(session.node)?.isHonest !== true) return;
    const { message } = observation;
    if ((message.type === 'piece' || message.type === 'reject') && session.unexplainedAnswers > 0) {
      complain(
        `node ${name(session)} answers by "${message.type}" what was not asked: piece ${message.piece} at ${message.begin}`,
      );
      session.unexplainedAnswers = 0;
    }
    if (message.type === 'request' && session.askedCount > session.peerRequestLimit)
      this.#tooMany(session, observation.at, complain);
  }

  #tooMany(session: SessionView, at: number, complain: Complain): void {
    let count = 0;
    for (const times of session.asked.values()) for (const askedAt of times) if (at - askedAt < MEMORY_MS) count += 1;
    if (count > session.peerRequestLimit) {
      complain(`node ${name(session)} has ${count} requests unanswered; ${session.peerRequestLimit} are accepted`);
    }
  }

  #allAnswered(at: number, view: SwarmView, complain: Complain): void {
    for (const session of view.sessions.values()) {
      if (!session.supportsFast || view.nodes.get(session.node)?.isHonest !== true) continue;
      if (this.#frozen.has(session.node)) continue;
      for (const [block, { askedAt, answeredAt = -Infinity }] of session.owed) {
        if (answeredAt >= askedAt || at - askedAt < CALM_MS) continue;
        complain(
          `node ${name(session)} never answered the request for ${block} of ${((at - askedAt) / 1_000).toFixed(0)} s ago`,
        );
        return;
      }
    }
  }
}

function name({ node, peer }: SessionView): string {
  return `${node} (towards node ${peer ?? 'unknown'})`;
}

/** For so long at the least an unanswered request is thought to wait at the other end (`LateRequests`). */
const MEMORY_MS = 60_000;
/** A run goes on until nobody has sent a block for 30 s. */
const CALM_MS = 25_000;
