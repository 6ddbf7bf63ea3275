import type { PeerAddress } from '@p2p/wire';

import type { Payload } from './payload.js';
import type { PeerBook } from './addresses/peer-book.js';
import type { Session } from './session.js';
import type { SwarmState } from './swarm-state.js';

/** A picture of one swarm. Sizes are bytes of payload, rates bytes per second over the last seconds. */
export interface SwarmStatus {
  /** Undefined until the metadata is known. */
  readonly totalBytes: number | undefined;
  /** Bytes of the pieces that are stored. */
  readonly haveBytes: number;
  readonly downloadedBytes: number;
  readonly uploadedBytes: number;
  /** Received and of no use: duplicates, blocks that came too late, corrupt pieces. */
  readonly wastedBytes: number;
  readonly corruptBytes: number;
  readonly downBytesPerSecond: number;
  readonly upBytesPerSecond: number;
  readonly isSeeding: boolean;
  readonly peerCount: number;
  readonly seederCount: number;
  /** Dials under way, until the peer has answered our handshake. */
  readonly dialingCount: number;
  /** Addresses we know, connected or not. */
  readonly knownAddressCount: number;
  readonly peers: readonly PeerStatus[];
}

/** One open session. */
export interface PeerStatus {
  readonly address: PeerAddress;
  readonly client: string;
  /** How we came to the peer's address; `incoming` when it dialled us. */
  readonly source: 'told' | 'cache' | 'pex' | 'incoming';
  readonly downloadedBytes: number;
  readonly uploadedBytes: number;
  readonly downBytesPerSecond: number;
  readonly upBytesPerSecond: number;
  readonly isSeed: boolean;
  readonly isChokingUs: boolean;
  readonly amInterested: boolean;
}

export function swarmStatus<P extends Payload>(state: SwarmState<P>, book: PeerBook, now: number): SwarmStatus {
  const open = state.openSessions();
  const { content } = state;
  return {
    totalBytes: content?.metainfo.layout.totalBytes,
    haveBytes: content?.scheduler.haveBytes ?? 0,
    downloadedBytes: state.downloadedBytes,
    uploadedBytes: state.uploadedBytes,
    wastedBytes: state.wastedBytes,
    corruptBytes: state.corruptBytes,
    downBytesPerSecond: state.downMeter.bytesPerSecond(now),
    upBytesPerSecond: state.upMeter.bytesPerSecond(now),
    isSeeding: state.isSeeding,
    peerCount: open.length,
    seederCount: open.filter((session) => session.isUploadOnly).length,
    dialingCount: state.sessions.size - open.length,
    knownAddressCount: book.size,
    peers: open.map((session) => peerStatus(session, book, now)),
  };
}

function peerStatus(session: Session, book: PeerBook, now: number): PeerStatus {
  return {
    address: session.listenAddress ?? session.remote,
    client: session.client,
    source: session.isOutgoing ? (book.sourceOf(session.remote)?.kind ?? 'told') : 'incoming',
    downloadedBytes: session.downloadedBytes,
    uploadedBytes: session.uploadedBytes,
    downBytesPerSecond: session.downMeter.bytesPerSecond(now),
    upBytesPerSecond: session.upMeter.bytesPerSecond(now),
    isSeed: session.isUploadOnly,
    isChokingUs: session.isChokingUs,
    amInterested: session.amInterested,
  };
}
