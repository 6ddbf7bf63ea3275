/**
 * Why nothing arrives although content is missing: the first of these that holds.
 *
 * - `disk-error`: storage failed; it is tried again by itself
 * - `no-peers-left`: nobody to ask, after corrupt data came: whoever sent it is not asked any more
 * - `no-peers-known`: nobody to ask
 * - `connecting`: addresses are known, none has answered
 * - `no-metadata`: connected, but nobody has sent the list of pieces yet
 * - `pieces-missing`: no connected peer has any piece that is missing
 * - `choked`: those who have them do not let us ask
 * - `silent`: they let us ask but do not answer
 */
export type StallReason =
  | 'disk-error'
  | 'no-peers-left'
  | 'no-peers-known'
  | 'connecting'
  | 'no-metadata'
  | 'pieces-missing'
  | 'choked'
  | 'silent';

/** The reason in a person's words, with what can be done about it. */
export function explainStall(reason: StallReason): string {
  return EXPLANATIONS[reason];
}

const EXPLANATIONS: Readonly<Record<StallReason, string>> = {
  'disk-error': 'the disk refused data; it is tried again by itself',
  'no-peers-left': 'what came was corrupt, and nobody else is known; name another peer with --peer HOST:PORT',
  'no-peers-known': 'no peer is known; name one with --peer HOST:PORT',
  connecting: 'no known peer answers yet; still trying',
  'no-metadata': 'connected, but no peer has sent the list of pieces yet',
  'pieces-missing': 'no connected peer has the missing pieces; waiting for one that does',
  choked: 'the connected peers do not let us download at the moment; waiting for our turn',
  silent: 'the connected peers do not answer our requests; waiting',
};
