import { MemoryStorage } from '@p2p/swarm/testing';

import { openByteLink } from './byte-link.js';
import type { PayloadMode } from './payload-mode.js';
import { simConnection } from './reference-mode.js';

/** Blocks are bytes, through the real codec and the real SHA-1. For up to a hundred peers. */
export const BYTE_MODE: PayloadMode<Uint8Array> = {
  name: 'bytes',
  openLink: (settings) => (session, connection, sink, expects) =>
    openByteLink(settings, simConnection(connection), { session, sink, expects }),
  createStorage(content, clock, isFull) {
    return new MemoryStorage(content.metainfo, clock, isFull ? { content: content.bytes() } : {});
  },
};
