import type { EXTENSION_NAMES } from '@p2p/wire';

import type { Payload } from './payload.js';
import type { Session } from './session.js';
import type { SwarmState } from './swarm-state.js';

type ExtensionName = (typeof EXTENSION_NAMES)[keyof typeof EXTENSION_NAMES];

/** Whether the peer receives messages of the extension: it named a number for it, and 0 is none (BEP 10). */
export function understands({ extensionIds }: Session, name: ExtensionName): boolean {
  return (extensionIds.get(name) ?? 0) !== 0;
}

/** Sends a message of an extension; to a peer that does not understand it, nothing. */
export function sendExtended<P extends Payload>(
  state: SwarmState<P>,
  session: Session,
  name: ExtensionName,
  payload: Uint8Array,
): void {
  const extensionId = session.extensionIds.get(name) ?? 0;
  if (extensionId !== 0) state.send(session, { type: 'extended', extensionId, payload });
}
