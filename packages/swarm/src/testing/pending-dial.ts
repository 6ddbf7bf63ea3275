import { formatPeerAddress, type PeerAddress } from '@p2p/wire';

import type { Cancel, Clock, DialOutcome } from '../ports.js';

/** What a dial of a simulated host waits for. */
export interface PendingDialParts {
  readonly clock: Clock;
  readonly dialTimeoutMs: number;
  readonly address: PeerAddress;
  /** Whether the host that dials still lives: nobody hears an answer on one that crashed. */
  readonly isUp: () => boolean;
  readonly done: (outcome: DialOutcome) => void;
}

/** A dial that nobody has answered yet: one answer, a timeout in its place, or neither if it is cancelled first. */
export interface PendingDial {
  /** False if nobody waits for it any more. */
  readonly answer: (outcome: DialOutcome) => boolean;
  readonly cancel: Cancel;
}

/** Begins to wait for the outcome of a dial. */
export function pendingDial({ clock, dialTimeoutMs, address, isUp, done }: PendingDialParts): PendingDial {
  let isPending = true;
  const answer = (outcome: DialOutcome): boolean => {
    if (!isPending || !isUp()) return false;
    isPending = false;
    stopTimeout();
    done(outcome);
    return true;
  };
  const stopTimeout = clock.schedule(clock.now() + dialTimeoutMs, () => {
    const message = `${formatPeerAddress(address)} did not answer within ${dialTimeoutMs} ms`;
    answer({ kind: 'failed', code: 'ETIMEDOUT', message });
  });
  const cancel = (): void => {
    isPending = false;
    stopTimeout();
  };
  return { answer, cancel };
}
