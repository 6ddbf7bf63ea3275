/**
 * The life of one session (our protocol state on one connection), and only it.
 *
 * A dial begins in `connecting`, an accepted connection in `handshaking`. What is independent of this life, such as
 * the four choke and interest flags, is not a state. A missing entry is a bug of ours, never a silence.
 */
type TransitionTable = Record<string, Readonly<Record<string, string>>>;

export const TRANSITIONS = {
  connecting: { connected: 'handshaking', lost: 'closed', timedOut: 'closed', closedByUs: 'closed' },
  handshaking: { accepted: 'open', violated: 'closed', lost: 'closed', timedOut: 'closed', closedByUs: 'closed' },
  open: { violated: 'closed', lost: 'closed', timedOut: 'closed', closedByUs: 'closed' },
  closed: {},
} as const satisfies TransitionTable;

export type SessionState = keyof typeof TRANSITIONS;

export type SessionEvent = 'connected' | 'accepted' | 'violated' | 'lost' | 'timedOut' | 'closedByUs';

/** The state after `event`, or undefined where the table has no such step. */
export function nextState(state: SessionState, event: SessionEvent): SessionState | undefined {
  const row: Readonly<Partial<Record<SessionEvent, SessionState>>> = TRANSITIONS[state];
  return row[event];
}
