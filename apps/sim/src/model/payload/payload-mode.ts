import type { OpenLink, Payload, Storage } from '@p2p/swarm';
import type { StorageFaults, VirtualClock } from '@p2p/swarm/testing';
import type { Bitfield } from '@p2p/wire';

import type { Content } from '../world/content.js';
import type { LinkSettings } from './link-settings.js';

/** What blocks are made of in a run, and how they are carried and stored. Decisions are the same in every mode. */
export interface PayloadMode<P extends Payload> {
  readonly name: 'refs' | 'bytes';
  /** The link of a host's sessions. */
  openLink(settings: LinkSettings<P>): OpenLink<P>;
  /** A store for the content that has these pieces: all, or none. */
  createStorage(content: Content, clock: VirtualClock, isFull: boolean): SimStorage<P>;
}

/** A store that can be made to fail. */
export interface SimStorage<P extends Payload> extends Storage<P> {
  readonly faults: StorageFaults;
  /** The pieces that are stored; a copy. */
  have(): Bitfield;
}
