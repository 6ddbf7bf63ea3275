// Goal: whatever peers do in whatever order, the fetch keeps its bounds, never yields a wrong dictionary and never blames
// an honest peer; and as long as one honest peer stays, it ends.
// Method: random lives of honest, lying and silent peers, then a fair end.
import { sha1, type UtMetadata } from '@p2p/wire';
import { array, assert, constantFrom, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  answerMetadataRequest,
  MetadataFetch,
  type MetadataOutcome,
} from '../../src/core/extensions/metadata-exchange.js';

const INFO = Uint8Array.from({ length: 40_000 }, (_, index) => (index * 7) & 0xff);
const POISON = INFO.map((byte) => byte ^ 1);
const INFO_HASH = sha1(INFO);
const HONEST = 1;
/** Sessions 2 and 3 send poison, 4 and 5 honest data; 6 claims another size. */
const SESSIONS = [HONEST, 2, 3, 4, 5, 6];

function contentOf(session: number): Uint8Array {
  if (session === 6) return POISON.subarray(0, 20_000);
  return session === 2 || session === 3 ? POISON : INFO;
}

/** A fetch, and the requests that its peers have not answered. */
class Life {
  readonly fetch = new MetadataFetch(INFO_HASH);
  asked: { readonly session: number; readonly piece: number }[] = [];
  now = 0;
  isComplete = false;

  constructor() {
    this.fetch.addPeer(HONEST, INFO.length, this.now);
  }

  /** Asks whatever is due; asked again at the same instant, nothing is. */
  ask(): void {
    this.asked.push(...this.fetch.nextRequests(this.now));
    expect(this.fetch.nextRequests(this.now)).toEqual([]);
    expect(this.fetch.nextDeadline() ?? Infinity).toBeGreaterThan(this.now);
  }

  /** The oldest request to a peer, no longer outstanding. */
  take(session: number): number | undefined {
    const request = this.asked.find((candidate) => candidate.session === session);
    this.asked = this.asked.filter((candidate) => candidate !== request);
    return request?.piece;
  }

  answer(session: number, message: UtMetadata): void {
    const outcome: MetadataOutcome = this.fetch.received(session, message, this.now);
    // Nobody here sends what it was not asked for.
    expect(outcome.kind).not.toBe('violation');
    if (outcome.kind === 'complete') {
      expect(Buffer.compare(outcome.infoBytes, INFO)).toBe(0);
      this.isComplete = true;
    }
    if (outcome.kind === 'corrupt') for (const culprit of outcome.blame) expect([2, 3, 6]).toContain(culprit);
  }

  /** From here on only the honest peer answers. */
  endWell(): void {
    for (let turns = 0; turns < 100; turns++) {
      this.ask();
      let hasAnswered = false;
      for (let piece = this.take(HONEST); piece !== undefined; piece = this.take(HONEST)) {
        hasAnswered = true;
        this.answer(HONEST, answerMetadataRequest(INFO, piece));
        if (this.isComplete) return;
      }
      if (!hasAnswered) this.now = this.fetch.nextDeadline() ?? this.now;
    }
  }
}

const ACTS = {
  offer: (life, session) => void life.fetch.addPeer(session, contentOf(session).length, life.now),
  leave: (life, session) => {
    if (session === HONEST) return;
    life.fetch.removePeer(session);
    life.asked = life.asked.filter((request) => request.session !== session);
  },
  answer: (life, session) => {
    const piece = life.take(session);
    if (piece !== undefined) life.answer(session, answerMetadataRequest(contentOf(session), piece));
  },
  reject: (life, session) => {
    const piece = life.take(session);
    if (piece !== undefined) life.answer(session, { type: 'reject', piece });
  },
  wait: (life, session) => {
    life.now += 1_000 * session;
  },
} as const satisfies Record<string, (life: Life, session: number) => void>;

describe('a metadata fetch in any life', () => {
  it('yields nothing wrong, blames nobody honest, and ends while one honest peer stays', () => {
    const step = record({ act: constantFrom(...Object.values(ACTS)), session: constantFrom(...SESSIONS) });
    assert(
      property(array(step, { maxLength: 120 }), (steps) => {
        const life = new Life();
        for (const { act, session } of steps) {
          act(life, session);
          if (life.isComplete) return;
          life.ask();
        }
        life.endWell();
        expect(life.isComplete).toBe(true);
      }),
    );
  });
});
