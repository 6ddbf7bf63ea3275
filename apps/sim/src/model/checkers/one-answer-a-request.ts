import type { Checker, Complain } from './checker.js';
import type { Observation } from './observation.js';
import type { SessionView } from './session-view.js';
import type { SwarmView } from './swarm-view.js';

/**
 * S3: with BEP 6 every request gets one piece or one reject, and nobody has more unanswered requests than the other end
 * accepts (`reqq`).
 *
 * A request that is repeated while the first one waits may be answered once for both. That every answer comes is looked at
 * when the run is over and the network is calm.
 */
export class OneAnswerARequest implements Checker {
  readonly name = 'S3';

  observe(observation: Observation, view: SwarmView, complain: Complain): void {
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
    if (message.type === 'request' && session.askedCount > session.peerRequestLimit) {
      complain(
        `node ${name(session)} has ${session.askedCount} requests unanswered; ${session.peerRequestLimit} are accepted`,
      );
    }
  }

  #allAnswered(at: number, view: SwarmView, complain: Complain): void {
    for (const session of view.sessions.values()) {
      if (!session.supportsFast || view.nodes.get(session.node)?.isHonest !== true) continue;
      for (const [block, times] of session.owed) {
        const latest = times[times.length - 1] ?? at;
        if (at - latest < CALM_MS) continue;
        complain(
          `node ${name(session)} never answered the request for ${block} of ${((at - latest) / 1_000).toFixed(0)} s ago`,
        );
        return;
      }
    }
  }
}

function name({ node, peer }: SessionView): string {
  return `${node} (towards node ${peer ?? 'unknown'})`;
}

/** Longer than the deepest queue of a slow uplink lasts in the worlds that are checked. */
const CALM_MS = 120_000;
