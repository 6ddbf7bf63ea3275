/**
 * Goal: no event in any state is left to chance. Method: every state times every event, against the rules in words.
 */
import { describe, expect, it } from 'vitest';

import { nextState, TRANSITIONS, type SessionEvent, type SessionState } from '../../src/core/session-states.js';

const EVENTS: readonly SessionEvent[] = ['connected', 'accepted', 'violated', 'lost', 'timedOut', 'closedByUs'];
const STATES: readonly SessionState[] = ['connecting', 'handshaking', 'open', 'closed'];

describe('the life of a session', () => {
  it('has the four states, and no other', () => {
    expect(Object.keys(TRANSITIONS)).toEqual(STATES);
  });

  for (const state of STATES) {
    for (const event of EVENTS) {
      const expected = expectedState(state, event);
      it(`in "${state}", "${event}" leads to ${expected ?? 'an error'}`, () => {
        expect(nextState(state, event)).toBe(expected);
      });
    }
  }
});

function expectedState(state: SessionState, event: SessionEvent): SessionState | undefined {
  if (state === 'closed') return undefined;
  if (event === 'connected') return state === 'connecting' ? 'handshaking' : undefined;
  if (event === 'accepted') return state === 'handshaking' ? 'open' : undefined;
  // Nothing can be wrong with the bytes of a peer that has not yet sent any.
  if (event === 'violated' && state === 'connecting') return undefined;
  return 'closed';
}
