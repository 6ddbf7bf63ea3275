import type { CoreMessage, Payload, SwarmOptions } from '@p2p/swarm';

import type { AccessLink } from '../links/link-model.js';

/** One peer of a scenario. */
export interface PeerPlan {
  /** `seeder` has everything, `leecher` nothing at the start. */
  readonly role: 'seeder' | 'leecher';
  readonly link: AccessLink;
  /** When it starts, in seconds. Default 0. */
  readonly arrivesAtSeconds?: number;
  /** Numbers of the peers whose addresses it is told. Default: the first peer, none for the first. */
  readonly knows?: readonly number[];
  /** Default: an honest node with the defaults of the swarm. */
  readonly behaviour?: Behaviour;
}

/** What a peer does otherwise than an honest node with default options. */
export interface Behaviour {
  /** For reports: `honest`, `free rider`, `polluter`, … Who is not `honest` is not counted among those that must finish. */
  readonly name: string;
  readonly options?: Partial<SwarmOptions>;
  /** Behind a NAT: it dials, and cannot be dialled. */
  readonly isHidden?: boolean;
  /** Of so many blocks that it sends one is spoilt; 1 for all. */
  readonly poisonsOneIn?: number;
  /** Puts other messages in the place of those that the node sends. Blocks may be left out, not changed. */
  readonly rewrite?: <P extends Payload>(message: CoreMessage<P>) => readonly CoreMessage<P>[];
}

export const HONEST: Behaviour = Object.freeze({ name: 'honest' });
