import type { BlockRef, Bitfield, Handshake, Message, Metainfo, PeerAddress, PieceIndex } from '@p2p/wire';

import type { Payload } from './payload.js';

/** Names one session for as long as the core lives; never used twice. From 1. */
export type SessionId = number;

/** A decoded message whose block, if it has one, is only a reference. */
export type CoreMessage<P extends Payload = Payload> =
  | Exclude<Message, { type: 'piece' }>
  | { readonly type: 'piece'; readonly piece: number; readonly begin: number; readonly data: P };

/** Everything the core can be told. */
export type Input<P extends Payload = Payload> =
  /** A dial that the core asked for succeeded. */
  | { readonly kind: 'connected'; readonly session: SessionId }
  /** A peer dialled us; its handshake named our torrent. The shell took `session` from `newSessionId`. */
  | {
      readonly kind: 'accepted';
      readonly session: SessionId;
      readonly remote: PeerAddress;
      readonly handshake: Handshake;
    }
  /** The answer to our handshake. */
  | { readonly kind: 'handshake'; readonly session: SessionId; readonly handshake: Handshake }
  | { readonly kind: 'message'; readonly session: SessionId; readonly message: CoreMessage<P> }
  /** So many of the bytes that were sent have left for the network. */
  | { readonly kind: 'flushed'; readonly session: SessionId; readonly bytes: number }
  /** The bytes of the peer could not be decoded. */
  | { readonly kind: 'violated'; readonly session: SessionId; readonly detail: string }
  /** The connection broke or was closed by the peer, or the dial failed. */
  | { readonly kind: 'lost'; readonly session: SessionId; readonly detail: string }
  | {
      readonly kind: 'blockRead';
      readonly session: SessionId;
      readonly block: BlockRef;
      readonly outcome: BlockReadOutcome<P>;
    }
  | { readonly kind: 'pieceCommitted'; readonly piece: PieceIndex; readonly outcome: PieceCommitOutcome }
  | { readonly kind: 'wakeUp' }
  /** Storage is open: the download can begin, or the content can be served. */
  | { readonly kind: 'attach'; readonly metainfo: Metainfo; readonly have: Bitfield }
  | { readonly kind: 'addPeers'; readonly addresses: readonly PeerAddress[]; readonly source: 'told' | 'cache' }
  | { readonly kind: 'stop' };

export type BlockReadOutcome<P extends Payload = Payload> =
  { readonly kind: 'read'; readonly data: P } | { readonly kind: 'failed'; readonly error: CodedError };

export type PieceCommitOutcome =
  { readonly kind: 'stored' } | { readonly kind: 'corrupt' } | { readonly kind: 'failed'; readonly error: CodedError };

/** An error with a stable code, from whichever package. */
export type CodedError = Error & { readonly code: string };
