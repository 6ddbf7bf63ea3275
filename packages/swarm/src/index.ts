export type { CatalogOutcome } from './list-catalog.js';
export {
  CHOKER_RULES,
  SEED_CHOKER_RULES,
  type ChokerRule,
  type SeedChokerRule,
} from './core/uploading/choking/choker-rules.js';
export { describeCloseReason, type CloseReason } from './core/close-reason.js';
export type { SwarmEvent } from './core/effect.js';
export type { CodedError, CoreMessage, Input, SessionId } from './core/input.js';
export type { PeerStatus, SwarmStatus } from './core/swarm-status.js';
export { openPeerLink } from './peer-link.js';
export { PeerNode, type ListenResult, type Torrent } from './peer-node.js';
export type {
  Cancel,
  Clock,
  CommitOutcome,
  Connection,
  ConnectionHandler,
  DialOutcome,
  Instant,
  ListenOutcome,
  Link,
  LinkExpectations,
  LinkSink,
  NodePorts,
  OpenLink,
  Payload,
  Random,
  ReadOutcome,
  Storage,
  Transport,
} from './ports.js';
export { SwarmError, type SwarmErrorCode } from './swarm-error.js';
export { DEFAULT_SWARM_OPTIONS, resolveSwarmOptions, type SwarmOptions } from './swarm-options.js';
export { Swarm } from './swarm.js';
