import type { Connection } from '@p2p/swarm';
import { Bitfield } from '@p2p/wire';

import { SimConnection } from '../network/sim-connection.js';
import type { BlockReference } from './block-reference.js';
import type { PayloadMode } from './payload-mode.js';
import { ReferenceLink } from './reference-link.js';
import { ReferenceStorage } from './reference-storage.js';

/** Blocks are references: no codec, no hashing, no copies. For runs of thousands. */
export const REFERENCE_MODE: PayloadMode<BlockReference> = {
  name: 'refs',
  openLink: (settings) => (session, connection, sink) =>
    new ReferenceLink(session, simConnection(connection), sink, settings),
  createStorage(content, clock, isFull) {
    const { pieceCount } = content.metainfo.layout;
    return new ReferenceStorage(clock, isFull ? Bitfield.full(pieceCount) : new Bitfield(pieceCount));
  },
};

/** In a simulated network all connections are its own. */
export function simConnection(connection: Connection): SimConnection {
  if (!(connection instanceof SimConnection)) throw new Error('bug: a connection of another network');
  return connection;
}
