import type { SessionEvent } from './session-states.js';

/** Why a session ended, and which party ended it. */
export type CloseReason =
  /** Our decision. */
  | { readonly party: 'us'; readonly code: OurCloseCode; readonly detail: string }
  /** The peer broke the protocol. */
  | { readonly party: 'them'; readonly code: 'violation'; readonly detail: string }
  /** Nothing was heard in time. */
  | { readonly party: 'timeout'; readonly code: 'handshake' | 'idle' | 'stalled'; readonly detail: string }
  /** The pipe broke, could not be opened, or was closed at the other end. */
  | { readonly party: 'transport'; readonly code: 'lost' | 'dialFailed'; readonly detail: string };

export type OurCloseCode =
  /** The swarm was removed, or the node stops. */
  | 'stopped'
  /** A second connection to the same peer (decision D9). */
  | 'duplicate'
  /** We dialled ourselves. */
  | 'self'
  /** Neither end wants anything from the other (BEP 21). */
  | 'uploadOnly'
  /** All places are taken. */
  | 'tooManyPeers'
  /** The peer sent corrupt pieces. */
  | 'banned';

/** The event of the state table that a close with this reason is. */
export function closeEvent(reason: CloseReason): SessionEvent {
  switch (reason.party) {
    case 'us':
      return 'closedByUs';
    case 'them':
      return 'violated';
    case 'timeout':
      return 'timedOut';
    case 'transport':
      return 'lost';
  }
}

/** One line for people: `they broke the protocol: request outside the torrent`. */
export function describeCloseReason(reason: CloseReason): string {
  const detail = reason.detail === '' ? '' : `: ${reason.detail}`;
  switch (reason.party) {
    case 'us':
      return `${OUR_WORDS[reason.code]}${detail}`;
    case 'them':
      return `broke the protocol${detail}`;
    case 'timeout':
      return `${TIMEOUT_WORDS[reason.code]}${detail}`;
    case 'transport':
      return `${reason.code === 'lost' ? 'connection lost' : 'could not connect'}${detail}`;
  }
}

const OUR_WORDS: Readonly<Record<OurCloseCode, string>> = {
  stopped: 'we stopped',
  duplicate: 'second connection to the same peer',
  self: 'that address is our own',
  uploadOnly: 'both ends only upload',
  tooManyPeers: 'all places are taken',
  banned: 'sent corrupt pieces',
};

const TIMEOUT_WORDS = {
  handshake: 'no handshake in time',
  idle: 'silent for too long',
  stalled: 'took no bytes for too long',
} as const;
